from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest

from core.domain import Box, Face
from core.vision.faces import still_picture
from core.vision.faces.crop import EYES_CENTRE
from core.vision.faces.landmarker import FaceLandmarker
from core.vision.faces.still_picture import MAX_ENLARGED_PX, FaceCropper, find_faces, with_margin


class BrightSpot:
    """Finds one face: the box around what is bright; its confidence is how bright that is."""

    made = 0

    def __init__(self, *_, **__):
        type(self).made += 1

    def detect(self, frame):
        rows, columns = np.nonzero(frame.rgb[..., 0] > 100)
        if len(rows) == 0:
            return []
        box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        brightness = np.median(frame.rgb[rows, columns])
        return [Face(box, float(brightness) / 255), Face(Box(0, 0, 5, 5), 0.01)]


@pytest.fixture
def bright_spots(monkeypatch):
    BrightSpot.made = 0
    monkeypatch.setattr(still_picture, "CenterFaceDetector", BrightSpot)


def _pictures(count, side=48):
    """Each with a bright square somewhere else, the last one black."""
    pixels = np.zeros((count, side, side), dtype=np.uint8)
    for number in range(count - 1):
        at = number % (side // 2)
        pixels[number, at : at + side // 4, side // 2 : side // 2 + side // 4] = 150 + number % 100
    return pixels


@pytest.mark.parametrize("threads", [1, 3])
def test_each_picture_has_its_own_face(bright_spots, tmp_path, threads):
    pixels = _pictures(600)
    places = find_faces(pixels, tmp_path / "x", threads=threads)
    assert len(places) == 600
    shown = np.arange(599)
    assert np.allclose(places.confidence[:-1], (150 + shown % 100) / 255, atol=0.03)
    assert np.allclose(places.middle[:-1, 0], 0.625, atol=0.03)
    assert np.allclose(places.middle[:-1, 1], (shown % 24 + 6) / 48, atol=0.03)
    assert np.allclose(places.height[:-1], 0.25, atol=0.06)
    assert BrightSpot.made == threads


def test_a_picture_without_a_face_has_no_position(bright_spots, tmp_path):
    places = find_faces(_pictures(2), tmp_path / "x")
    assert places.confidence[1] == 0
    assert np.isnan(places.middle[1]).all()
    assert np.isnan(places.height[1])


def test_no_pictures_have_no_faces(bright_spots, tmp_path):
    assert len(find_faces(np.zeros((0, 48, 48), np.uint8), tmp_path / "x")) == 0


def test_progress_is_reported_to_the_end(bright_spots, tmp_path):
    told = []
    find_faces(_pictures(600), tmp_path / "x", threads=2, on_progress=told.append)
    assert told == [512, 600]


def test_the_progress_callback_may_stop_it_and_opencv_s_threads_are_restored(
    bright_spots, tmp_path
):
    before, alive = cv2.getNumThreads(), threading.active_count()

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_faces(_pictures(600), tmp_path / "x", on_progress=stop)
    assert cv2.getNumThreads() == before
    assert threading.active_count() == alive


def test_the_real_detector_is_confident_of_a_face_and_not_of_noise(assets_dir, media):
    photo = cv2.imread(str(media("astronaut.png")), cv2.IMREAD_GRAYSCALE)
    face = cv2.resize(photo[40:220, 130:310], (48, 48), interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(1).integers(0, 256, (48, 48), dtype=np.uint8)
    places = find_faces(np.stack([face, noise]), assets_dir / "centerface.onnx")
    assert places.confidence[0] > 0.5 > places.confidence[1]
    assert 0.2 < places.height[0] < 1.1


def test_a_photographed_face_is_cropped_upright_at_fer2013_s_positions(media, assets_dir):
    photo = cv2.imread(str(media("astronaut.png")), cv2.IMREAD_GRAYSCALE)
    with FaceCropper(assets_dir / "face_landmarker.task") as cropper:
        face = cropper.crop(photo, 48)
        turned = cropper.crop(cv2.rotate(photo, cv2.ROTATE_180), 48)
        nobody = cropper.crop(np.full((200, 300), 128, np.uint8), 48)
        with FaceLandmarker(assets_dir / "face_landmarker.task", faces=1, follows=False) as eye:
            large = cv2.resize(face, (192, 192), interpolation=cv2.INTER_CUBIC)
            framed = cv2.copyMakeBorder(large, 64, 64, 64, 64, cv2.BORDER_REPLICATE)
            (seen,) = eye.read(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB))
    eyes = (seen.eyes_and_mouth[:2].mean(axis=0) - 64) / 192
    assert eyes == pytest.approx(EYES_CENTRE, abs=0.04)
    assert nobody is None
    assert turned is None or turned.shape == (48, 48)


@pytest.mark.parametrize("shape", [(1, 4096, 3), (4096, 1, 3), (3, 5000, 3)])
def test_a_strip_is_not_enlarged_to_hundreds_of_megabytes(shape):
    large, _ = with_margin(np.zeros(shape, dtype=np.uint8), 0.0)
    assert max(large.shape[:2]) <= max(MAX_ENLARGED_PX, *shape)


def test_a_small_picture_is_enlarged_until_a_face_in_it_can_be_found():
    large, _ = with_margin(np.zeros((48, 60), dtype=np.uint8), 0.0)
    assert large.shape == (192, 240)
