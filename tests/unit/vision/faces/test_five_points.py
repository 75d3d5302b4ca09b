"""What five points tell of a head, and faces that stand on theirs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.domain import Box, Face
from core.vision.faces.close_up import read_cropped
from core.vision.faces.five_points import contradict, pose_from_points, roll_of
from core.vision.faces.inverted import UprightCheck
from tests.fakes import FakeLandmarker, make_landmarks

UPRIGHT = np.array([[-10, -10], [10, -10], [0, 0], [-8, 12], [8, 12]], dtype=np.float32)
BOX = Box(100.0, 100.0, 200.0, 220.0)


def turned(degrees: float) -> np.ndarray:
    """Clockwise in the picture, about the middle of the box."""
    turn = math.radians(degrees)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return (UPRIGHT @ matrix.T + np.array(BOX.center)).astype(np.float32)


@pytest.mark.parametrize("degrees", [-170, -90, -30, 0, 45, 120, 179])
def test_roll_is_read_all_around(degrees):
    assert roll_of(turned(degrees)) == pytest.approx(degrees, abs=0.01)


def test_a_nose_to_the_right_means_yaw_to_the_right_at_any_roll():
    aside = UPRIGHT.copy()
    aside[2, 0] += 5
    for degrees in (0, 60, 180):
        turn = math.radians(degrees)
        matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        pose = pose_from_points((aside @ matrix.T).astype(np.float32))
        assert 15 < pose.yaw < 30
        assert pose.pitch is None
    assert pose_from_points(UPRIGHT).yaw == pytest.approx(0.0, abs=1e-6)


def test_upright_landmarks_contradict_inverted_points_only():
    assert contradict(turned(180), 0.0)
    assert contradict(turned(-175), 4.0)
    assert not contradict(turned(8), 0.0)
    assert not contradict(turned(178), -179.0)


@pytest.mark.parametrize(("degrees", "read"), [(0, True), (180, False)])
def test_a_cropped_face_is_not_read_upright_when_its_points_are_inverted(degrees, read):
    rgb = np.full((320, 320, 3), 120, dtype=np.uint8)
    eye = FakeLandmarker(in_cut_outs=True)
    found = read_cropped(eye, rgb, Face(BOX, 0.9, points=turned(degrees)))
    assert (found is not None) == read


def test_a_near_face_is_compared_when_it_is_new_and_forgotten_when_absent():
    check = UprightCheck()
    near = {1: make_landmarks(BOX)}
    face = Face(BOX, 1.0, track_id=1)
    assert check.is_due(near)
    check.compare(near, [Face(BOX, 0.8, points=turned(175))])
    assert not check.is_due(near)
    check.compare(near, [])  # the detector missed it: what was known stays
    pose, landmarks = check.resolve(face, near[1], 0.0)
    assert (pose.roll, landmarks) == (pytest.approx(175, abs=0.1), None)
    check.compare(near, [Face(BOX, 0.8, points=turned(2))])
    assert check.resolve(face, near[1], 2.0) == (near[1].pose, near[1])
    check.forget_absent({})
    assert check.is_due(near)


def test_one_frame_with_wrong_points_does_not_set_an_inverted_face_upright():
    check = UprightCheck()
    inverted = Face(BOX, 0.8, track_id=1, points=turned(170))
    unsure = Face(BOX, 0.7, track_id=1, points=turned(15))
    assert check.resolve(inverted, None, 0.0)[0].roll == pytest.approx(170, abs=0.1)
    assert check.resolve(unsure, make_landmarks(BOX), 0.5)[1] is None
    assert check.resolve(unsure, make_landmarks(BOX), 1.6)[1] is not None
