"""Extraction of a clip's main face."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.face_extraction.main_face import ExtractedFace, MainFace
from core.domain import Box, Frame, RejectReason
from tests.fakes import FakeDetector, FakeLandmarker

LEFT, RIGHT = Box(60, 100, 180, 240), Box(400, 100, 500, 220)
BIGGER_RIGHT = Box(360, 40, 560, 300)


@pytest.fixture
def detector():
    return FakeDetector()


@pytest.fixture
def main_face(detector):
    main_face = MainFace(detector, FakeLandmarker(in_cut_outs=True), size_px=48, every_s=1.0)
    yield main_face
    main_face.close()


def _frame(time_s):
    """Squares of noise, dark left and bright right, so that a crop tells its side."""
    rng = np.random.default_rng(1)
    rgb = rng.integers(60, 100, (60, 80, 3)).repeat(8, axis=0).repeat(8, axis=1)
    rgb[:, 320:] += 80
    return Frame(rgb.astype(np.uint8), time_s, round(time_s))


def _side(found):
    assert isinstance(found, ExtractedFace)
    assert found.pixels.shape == (48, 48)
    return "left" if found.pixels.mean() < 120 else "right"


def test_the_largest_face_is_taken(main_face, detector):
    detector.boxes = [RIGHT, LEFT]
    assert _side(main_face.extract(_frame(0.0))) == "left"


def test_somebody_a_little_larger_does_not_take_over_but_twice_the_area_does(main_face, detector):
    detector.boxes = [LEFT]
    assert _side(main_face.extract(_frame(0.0))) == "left"
    detector.boxes = [Box(400, 100, 540, 260), LEFT]
    assert _side(main_face.extract(_frame(1.0))) == "left"
    detector.boxes = [BIGGER_RIGHT, LEFT]
    assert _side(main_face.extract(_frame(2.0))) == "right"


def test_a_face_missed_in_two_frames_is_still_the_main_one(main_face, detector):
    detector.boxes = [LEFT]
    main_face.extract(_frame(0.0))
    detector.boxes = [LEFT, Box(400, 100, 540, 260)]
    assert _side(main_face.extract(_frame(2.0))) == "left"


def test_another_clip_starts_without_tracked_faces(main_face, detector):
    detector.boxes = [LEFT]
    main_face.extract(_frame(0.0))
    main_face.reset()
    detector.boxes = [LEFT, Box(400, 100, 540, 260)]
    assert _side(main_face.extract(_frame(0.0))) == "right"


def test_where_the_detector_finds_nobody_the_landmarker_is_used(main_face, detector):
    found = main_face.extract(_frame(0.0))
    assert isinstance(found, ExtractedFace)
    assert found.confidence == 1.0
    black = Frame(np.zeros((480, 640, 3), np.uint8), 1.0, 1)
    assert main_face.extract(black) is RejectReason.NO_FACE


def test_the_reason_against_a_face_is_reported(main_face, detector):
    detector.boxes = [Box(10, 10, 40, 50)]
    assert main_face.extract(_frame(0.0)) is RejectReason.TOO_SMALL
    detector.boxes = [LEFT]
    main_face._landmarker.read = lambda rgb, time_s=0.0: []
    assert main_face.extract(_frame(1.0)) is RejectReason.TURNED_AWAY
