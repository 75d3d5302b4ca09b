"""A picture that is given is read in memory, and the faces in it are found as a camera's are."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import pytest

from core.datasets.report.pictures import png
from core.domain import Interpolation, ModelInput, RejectReason
from core.domain.errors import MediaError
from core.evaluation.explain.uploaded_picture import find_faces
from core.vision.faces.crop import CROPS
from tests.face_clip import draw_face
from tests.make import make_photo


@pytest.fixture
def find(assets_dir):
    return partial(
        find_faces,
        model_input=ModelInput(48),
        landmarker=assets_dir / "face_landmarker.task",
        detector=assets_dir / "centerface.onnx",
    )


def as_png(rgb: np.ndarray) -> bytes:
    return cv2.imencode(".png", rgb[..., ::-1])[1].tobytes()


def test_a_picture_without_a_face_has_none(find) -> None:
    wide = np.zeros((60, 120), dtype=np.uint8)
    wide[:, 30:90] = cv2.resize(make_photo(3), (60, 60))
    given = find(png(wide))
    assert given.faces == given.observations == ()
    # Only who says that it is a face gets its middle.
    assert given.centre_square().shape == (48, 48)
    assert (
        given.centre_square().min() > 0 or given.centre_square().std() > 10
    )  # the black sides are gone


def test_a_cut_out_face_of_the_right_size_is_left_as_it_is(find) -> None:
    face = make_photo(2)
    assert np.array_equal(find(png(face)).centre_square(), face)


def test_the_whole_of_a_small_picture_is_enlarged_as_its_model_wants_it(find) -> None:
    small = make_photo(2, size_px=30)
    wanted = ModelInput(48, interpolation=Interpolation.BILINEAR)
    whole = find(png(small), model_input=wanted).centre_square()
    assert np.array_equal(whole, cv2.resize(small, (48, 48), interpolation=cv2.INTER_LINEAR))


@pytest.mark.parametrize("crop", ["fer2013", "wide-box"])
def test_a_face_is_cut_out_as_the_model_that_reads_it_wants_it(find, crop) -> None:
    (face,) = find(as_png(draw_face()), model_input=ModelInput(60, crop=crop, channels=3)).faces
    assert face.pixels.shape == (60, 60)
    others = [find(as_png(draw_face()), model_input=ModelInput(60, crop=one)) for one in CROPS]
    alike = [np.array_equal(face.pixels, one.faces[0].pixels) for one in others]
    assert alike == [one == crop for one in CROPS]


def test_a_face_is_found_and_cut_out(find) -> None:
    (face,) = find(as_png(draw_face())).faces
    assert (face.number, face.reason) == (1, None)
    assert face.pixels.shape == (48, 48)
    assert face.pixels.dtype == np.uint8


def test_several_faces_are_numbered_from_left_to_right_and_drawn(find) -> None:
    one = cv2.resize(draw_face(), (320, 240))
    given = find(as_png(np.hstack([one, one, one])))
    assert [face.number for face in given.faces] == [1, 2, 3]
    lefts = [seen.box.left for seen in given.observations]
    assert lefts == sorted(lefts)
    assert len(given.readable) == 3
    assert not np.array_equal(given.numbered(), given.rgb)


def test_a_face_that_is_too_small_says_so_also_when_its_picture_is_small(find) -> None:
    tiny = cv2.resize(draw_face(), (64, 48), interpolation=cv2.INTER_AREA)
    given = find(as_png(tiny))
    assert given.readable == ()
    assert {face.reason for face in given.faces} <= {RejectReason.TOO_SMALL}


@pytest.mark.data
def test_a_person_of_a_real_picture_is_found(find, media) -> None:
    given = find(media("astronaut.png").read_bytes())
    assert len(given.readable) == 1


@pytest.mark.data
def test_a_group_photograph_is_many_faces_and_not_one(find, media) -> None:
    given = find(media("solvay1927.jpg").read_bytes())
    assert 24 <= len(given.faces) <= 31
    assert len(given.readable) >= 10


@pytest.mark.parametrize("content", [b"", b"no picture", png(make_photo(1))[:60]])
def test_what_is_no_picture_is_refused_with_advice(find, content: bytes) -> None:
    with pytest.raises(MediaError, match="no picture") as told:
        find(content)
    assert "JPEG" in told.value.advice
