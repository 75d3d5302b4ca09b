from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    Box,
    Face,
    HeadPose,
    RejectReason,
    normalised,
)
from core.domain.palette import label_styles
from core.measures import MeasuresOnly
from core.measures.calibrate import LARGEST_CONE_DEG
from core.vision import OverlapTracker, OverlayStyle, ScoreSmoother, draw
from core.vision.faces.crop import (
    EYE_DISTANCE,
    EYES_CENTRE,
    MOUTH_CENTRE,
    crop_by_box,
    crop_by_landmarks,
)
from core.vision.faces.landmarker import pose_from_matrix
from core.vision.faces.quality import DEFAULT_LIMITS, DetectedFace, assess_quality, sharpness
from core.vision.overlay import expression_text
from tests.make import make_observation, make_scores


def _face(left=100.0, top=100.0):
    return Face(Box(left, top, left + 80, top + 100), 0.9)


def _ids(tracker, time_s, *faces):
    return [face.track_id for face in tracker.update(faces, time_s)]


def test_a_face_that_returns_within_two_seconds_keeps_its_number():
    tracker = OverlapTracker()
    assert _ids(tracker, 0.0, _face()) == [1]
    assert _ids(tracker, 0.5) == []
    assert _ids(tracker, 1.9, _face(left=130)) == [1]


def test_a_face_that_returns_later_gets_a_new_number():
    tracker = OverlapTracker()
    assert _ids(tracker, 0.0, _face()) == [1]
    assert _ids(tracker, 2.1, _face()) == [2]


def test_a_face_far_from_a_lost_one_gets_a_new_number():
    tracker = OverlapTracker()
    assert _ids(tracker, 0.0, _face()) == [1]
    assert _ids(tracker, 0.5, _face(left=500)) == [2]


def test_new_faces_are_numbered_from_left_to_right():
    assert _ids(OverlapTracker(), 0.0, _face(left=300), _face(left=0)) == [2, 1]


def test_a_reset_starts_at_one_again():
    tracker = OverlapTracker()
    _ids(tracker, 0.0, _face(), _face(left=400))
    tracker.reset()
    assert _ids(tracker, 0.1, _face(left=400)) == [1]


def test_earlier_scores_count_half_after_a_half_life():
    smoother = ScoreSmoother(half_life_s=0.3)
    smoother.update(1, 0.0, make_scores(happy=1.0))
    shown = smoother.update(1, 0.3, make_scores(sad=1.0))
    assert (shown["happy"], shown["sad"]) == pytest.approx((0.5, 0.5))


def test_a_face_after_a_long_gap_starts_anew_and_uses_no_memory():
    smoother = ScoreSmoother(forget_after_s=2.0)
    for number in range(1000):
        smoother.update(number, number / 10, make_scores(happy=1.0))
        smoother.forget_before(number / 10)
    assert len(smoother._tracks) <= 21
    shown = smoother.update(999, 200.0, make_scores(sad=1.0))
    assert shown["sad"] == pytest.approx(1.0)


SHARP = np.random.default_rng(1).uniform(0.2, 0.8, (48, 48)).astype(np.float32)
AHEAD = HeadPose(0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"confidence": 0.49}, RejectReason.UNSURE),
        ({"face_px": 29.9}, RejectReason.TOO_SMALL),
        ({"face_px": 30.0}, None),
        ({"face": SHARP * 0.2}, RejectReason.TOO_DARK),
        ({"face": SHARP * 0.1 + 0.9}, RejectReason.TOO_BRIGHT),
        ({"face": np.linspace(0, 1, 48 * 48, dtype=np.float32).reshape(48, 48)}, "blurred"),
        ({"pose": HeadPose(39, 0, 0)}, None),
        ({"pose": HeadPose(0, -39, 0)}, None),
        ({"pose": HeadPose(41, 0, 0)}, RejectReason.TURNED_AWAY),
        ({"pose": HeadPose(0, -41, 0)}, RejectReason.TURNED_AWAY),
        ({"pose": HeadPose(0, 0, 41)}, RejectReason.TURNED_AWAY),
        ({"pose": None}, RejectReason.TURNED_AWAY),
        ({"pose": HeadPose(0, None, 90)}, RejectReason.TURNED_AWAY),
        ({"pose": HeadPose(0, None, -175)}, RejectReason.UPSIDE_DOWN),
        ({"pose": HeadPose(50, None, 175)}, RejectReason.TURNED_AWAY),
        ({"pose": HeadPose(5, None, 0), "has_landmarks": False}, RejectReason.NO_LANDMARKS),
        # the first of several reasons is given
        ({"pose": None, "face_px": 20.0, "confidence": 0.1}, RejectReason.TOO_SMALL),
    ],
)
def test_a_face_is_usable_or_the_first_reason_is_given(changes, reason):
    values = {
        "face": SHARP,
        "confidence": 0.9,
        "face_px": 100.0,
        "pose": AHEAD,
        "has_landmarks": True,
    }
    values |= changes
    found = assess_quality(values.pop("face"), DetectedFace(**values))
    assert found.reason == reason
    assert found.usable == (reason is None)


def test_sharpness_falls_with_blur_and_ignores_contrast():
    import cv2

    blurred = cv2.GaussianBlur(SHARP, (0, 0), 2)
    assert sharpness(blurred) < sharpness(SHARP) / 10
    assert sharpness(SHARP * 0.3 + 0.1) == pytest.approx(sharpness(SHARP), rel=1e-3)


def _dotted(left_eye, right_eye, mouth, size_px=400):
    """A grey picture with a white dot at each place, and those places."""
    import cv2

    picture = np.full((size_px, size_px, 3), 60, dtype=np.uint8)
    for x, y in (left_eye, right_eye, mouth):
        cv2.circle(picture, (round(x), round(y)), 9, (255, 255, 255), -1, cv2.LINE_AA)
    return picture, np.array([left_eye, right_eye, mouth], dtype=np.float32)


def _dots(crop):
    """Centres of the three brightest spots, topmost first."""
    import cv2

    _, _, _, centres = cv2.connectedComponentsWithStats((crop > 0.5).astype(np.uint8))
    return sorted(centres[1:].tolist(), key=lambda place: (round(place[1] / 8), place[0]))


@pytest.mark.parametrize("turn_deg", [-30, 0, 20])
@pytest.mark.parametrize("size", [100.0, 160.0])
def test_eyes_and_mouth_are_at_fer2013_s_positions(turn_deg, size):
    apart = np.array([EYE_DISTANCE * size, 0.0])
    down = np.array([0.0, (MOUTH_CENTRE[1] - EYES_CENTRE[1]) * size])
    turn = np.radians(turn_deg)
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    eyes = np.array([200.0, 170.0])
    picture, places = _dotted(
        eyes - rotate @ apart / 2, eyes + rotate @ apart / 2, eyes + rotate @ down
    )
    crop = crop_by_landmarks(picture, places, size_px=48)
    assert crop.shape == (48, 48)
    assert crop.dtype == np.float32
    assert 0 <= crop.min() <= crop.max() <= 1
    left, right, mouth = _dots(crop)
    middle_x, eyes_y = EYES_CENTRE[0] * 48, EYES_CENTRE[1] * 48
    half = EYE_DISTANCE * 48 / 2
    assert left == pytest.approx([middle_x - half, eyes_y], abs=1.2)
    assert right == pytest.approx([middle_x + half, eyes_y], abs=1.2)
    assert mouth == pytest.approx([MOUTH_CENTRE[0] * 48, MOUTH_CENTRE[1] * 48], abs=1.2)


def test_a_large_face_is_averaged_without_skipping_pixels():
    """A fine chequerboard becomes grey; every n-th pixel of it would stay black and white."""
    board = np.indices((800, 800)).sum(axis=0) % 2 * 255
    picture = np.repeat(board[..., None], 3, axis=2).astype(np.uint8)
    crop = crop_by_box(picture, Box(100, 100, 700, 700), size_px=48)
    assert crop.std() < 0.05
    assert crop.mean() == pytest.approx(0.5, abs=0.02)


def test_a_face_at_the_edge_is_padded_with_the_edge():
    crop = crop_by_box(np.full((90, 90, 3), 200, np.uint8), Box(-40, -40, 40, 40), size_px=48)
    assert crop.min() == pytest.approx(200 / 255, abs=0.01)


@pytest.mark.parametrize(
    ("about", "degrees", "wanted"),
    [
        ("y", 20, HeadPose(20, 0, 0)),
        ("x", -20, HeadPose(0, 20, 0)),
        ("z", 20, HeadPose(0, 0, -20)),
    ],
)
def test_pose_signs_are_right_up_and_clockwise(about, degrees, wanted):
    """The transform has y up and z towards the viewer; counter-clockwise in it is positive."""
    turn = np.radians(degrees)
    c, s = np.cos(turn), np.sin(turn)
    rotations = {
        "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    matrix = np.eye(4)
    matrix[:3, :3] = 7.0 * np.array(rotations[about])
    pose = pose_from_matrix(matrix)
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx(
        (wanted.yaw, wanted.pitch, wanted.roll), abs=1e-6
    )


PICTURE = np.full((300, 400, 3), 90, dtype=np.uint8)


@pytest.mark.parametrize("scheme", [FER7, CONFIDENT2, EXPRESSIVENESS3])
def test_every_class_of_any_model_has_a_bar_of_its_own_colour(scheme):
    from dataclasses import replace

    scores = normalised(scheme, np.ones(len(scheme)))
    seen = replace(make_observation(), scores=scores, steady=scores)
    drawn = draw(PICTURE, [seen], style=OverlayStyle.FULL)
    colours = {look.colour for look in label_styles(scheme.labels).values()}
    assert len(colours) == len(scheme)
    for colour in colours:
        rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert (drawn == rgb).all(axis=2).any(), colour


@pytest.mark.parametrize("style", [OverlayStyle.QUIET, OverlayStyle.FULL])
def test_of_measures_only_a_face_has_its_box_and_number(style):
    only = MeasuresOnly(FER7).of_observation(make_observation())
    presence = draw(PICTURE, [make_observation()], style=OverlayStyle.PRESENCE)
    assert np.array_equal(draw(PICTURE, [only], style=style), presence)


@pytest.mark.parametrize("style", [OverlayStyle.QUIET, OverlayStyle.FULL, OverlayStyle.PRESENCE])
@pytest.mark.parametrize("place", [(-60, -60), (350, 250), (150, 100), (-500, -500)])
def test_drawing_does_not_change_the_picture_and_works_at_every_edge(style, place):
    from dataclasses import replace

    before = PICTURE.copy()
    box = Box(*place, place[0] + 90.0, place[1] + 90.0)
    seen = replace(make_observation(), box=box)
    drawn = draw(PICTURE, [seen], style=style, not_sure_below=0.5)
    assert np.array_equal(PICTURE, before)
    assert drawn.shape == PICTURE.shape
    assert not np.array_equal(drawn, PICTURE)


def test_nothing_is_drawn_in_the_style_none():
    drawn = draw(PICTURE, [make_observation()], style=OverlayStyle.NONE)
    assert np.array_equal(drawn, PICTURE)
    assert drawn is not PICTURE


@pytest.mark.parametrize("style", [OverlayStyle.QUIET, OverlayStyle.FULL])
def test_labels_on_the_picture_begin_with_a_capital_as_those_beside_it(monkeypatch, style):
    written = []
    monkeypatch.setattr(cv2, "putText", lambda _picture, text, *_: written.append(text))
    draw(PICTURE, [make_observation(scores=make_scores(happy=0.8))], style=style)
    assert written[0].endswith("Happy 80 %")
    assert all(text.strip("0123456789 ")[0].isupper() for text in written)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (make_observation(scores=make_scores(happy=0.8)), "happy 80 %"),
        (make_observation(scores=make_scores(happy=0.4)), "not sure"),
        (make_observation(reason=RejectReason.TOO_DARK), "too dark"),
        (make_observation(reason=RejectReason.TURNED_AWAY), "turned away"),
    ],
)
def test_a_face_has_a_short_label(seen, words):
    assert expression_text(seen, 0.5) == words


def test_no_cone_of_a_calibration_is_wider_than_faces_may_turn():
    assert DEFAULT_LIMITS.turn_deg == LARGEST_CONE_DEG
