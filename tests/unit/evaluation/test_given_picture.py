"""A picture that is given is read in memory, and the face in it is found."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.datasets.demo import draw_face
from core.datasets.thumbnails import png
from core.errors import MediaError
from core.evaluation.given_picture import face_of
from tests.make import make_photo


def test_without_a_face_the_middle_is_taken(assets_dir: Path) -> None:
    wide = np.zeros((60, 120), dtype=np.uint8)
    wide[:, 30:90] = cv2.resize(make_photo(3), (60, 60))
    given = face_of(png(wide), size_px=48, landmarker=assets_dir / "face_landmarker.task")
    assert not given.cut
    assert given.pixels.shape == (48, 48)
    assert given.pixels.min() > 0 or given.pixels.std() > 10  # the black sides are gone


def test_a_face_of_the_right_size_is_left_as_it_is() -> None:
    face = draw_face("happy", np.random.default_rng(1))
    given = face_of(png(face), size_px=48, landmarker=None)
    assert np.array_equal(given.pixels, face)


def test_a_person_is_found_and_cut_out(assets_dir: Path, media) -> None:
    content = media("astronaut.png").read_bytes()
    given = face_of(content, size_px=48, landmarker=assets_dir / "face_landmarker.task")
    assert given.cut
    assert given.pixels.shape == (48, 48)


@pytest.mark.parametrize("content", [b"", b"no picture", png(make_photo(1))[:60]])
def test_what_is_no_picture_is_refused_with_advice(content: bytes) -> None:
    with pytest.raises(MediaError, match="no picture") as told:
        face_of(content, size_px=48, landmarker=None)
    assert "JPEG" in told.value.advice
