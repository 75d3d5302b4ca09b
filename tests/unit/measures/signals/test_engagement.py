"""The engagement index of one face, its windows, and the published index."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import BLENDSHAPES, CONFIDENT2, FER7, Timeline
from core.measures.calibration import (
    LIVE_BLENDSHAPES,
    Calibration,
    EyeRange,
    FacingCone,
    RestingShape,
)
from core.measures.index_weights import DEFAULT_WEIGHTS, PARTS, index_of
from core.measures.index_windows import index_windows
from core.measures.signals.concentration import measure_concentration
from core.measures.signals.confusion import measure_confusion
from core.measures.signals.engagement import measure_engagement
from tests.make import make_moment, make_observation
from tests.poses import one_face

OWN = Calibration(
    rest=tuple(RestingShape(name, 0.1, 0.05) for name in LIVE_BLENDSHAPES),
    eyes=EyeRange(open=0.9, closed=0.1),
)
TIMES = np.arange(0, 40, 0.1)


def a_face(times: np.ndarray = TIMES, **shapes: float) -> Timeline:
    """A neutral face at rest that faces the camera with open eyes."""
    rows = one_face(times)
    blendshapes = np.full((len(times), len(BLENDSHAPES)), 0.1, np.float32)
    for name, value in shapes.items():
        blendshapes[:, BLENDSHAPES.index(name)] = value
    steady = np.tile(np.eye(len(FER7))[FER7.labels.index("neutral")], (len(times), 1))
    return replace(
        rows,
        pose=np.zeros((len(times), 3)),
        eyes_open=np.full(len(times), 0.9),
        blendshapes=blendshapes,
        steady=steady,
    )


def turned(face: Timeline, yaw: float) -> np.ndarray:
    return face.pose + np.array([yaw, 0.0, 0.0])


def last(found) -> dict[str, float]:
    return {name: float(getattr(found, name)[-1]) for name in ("index", *PARTS)}


def test_a_face_at_rest_that_faces_the_screen_has_all_but_expression() -> None:
    found = last(measure_engagement(a_face(), OWN))
    assert found == pytest.approx(
        {"index": 85.0, "present": 1.0, "facing": 1.0, "eyes_open": 1.0, "expression": 0.0},
        abs=1e-4,
    )


def test_each_part_is_a_share_of_the_last_ten_seconds() -> None:
    face, late = a_face(), TIMES >= 35.0
    away = np.where(late[:, None], [40.0, 0.0, 0.0], face.pose)
    assert last(measure_engagement(replace(face, pose=away), OWN))["facing"] == pytest.approx(
        0.7,
        abs=0.02,  # it ends after two seconds
    )
    closed = np.where(TIMES >= 38.0, 0.1, 0.9)
    eyes = last(measure_engagement(replace(face, eyes_open=closed), OWN))["eyes_open"]
    assert eyes == pytest.approx(0.8, abs=0.02)
    smiling = a_face(mouthSmileLeft=0.9, mouthSmileRight=0.9)
    assert 0 < last(measure_engagement(smiling, OWN))["expression"] < 1


def test_a_face_that_left_is_less_present_and_time_without_frames_is_not_measured() -> None:
    def with_gap(frames_in_gap: bool) -> Timeline:
        moments = [
            make_moment(float(at), *([make_observation(float(at))] if not 33 <= at < 36 else []))
            for at in TIMES
            if frames_in_gap or not 33 <= at < 36
        ]
        timeline = Timeline.from_frames(FER7, moments)
        own, face = timeline.face_id == 1, a_face(timeline.time_s)
        blank = {
            name: np.where(own[:, None] if values.ndim > 1 else own, values, np.nan)
            for name, values in (
                ("pose", face.pose),
                ("eyes_open", face.eyes_open),
                ("blendshapes", face.blendshapes),
                ("steady", face.steady),
            )
        }
        return replace(timeline, **blank)

    away, not_analysed = (index_windows(with_gap(known), 1, OWN) for known in (True, False))
    assert away.parts["present"][-1] == pytest.approx(0.7, abs=0.02)
    assert not_analysed.parts["present"][-1] == pytest.approx(1.0)


def test_under_60_percent_usable_time_says_nothing() -> None:
    face = a_face()
    for lost_s, is_known in ((3.0, True), (5.0, False)):
        usable = 40 - lost_s > TIMES
        found = measure_engagement(replace(face, usable=usable), OWN)
        assert np.isfinite(found.index[-1]) == is_known
        assert np.isfinite(found.present[-1]) == is_known


def test_windows_follow_one_another_and_agree_with_the_rows() -> None:
    face = a_face()
    found = index_windows(face, 1, OWN)
    assert found.end_s.tolist() == [10.0, 20.0, 30.0, 40.0]
    assert found.is_measured.all()
    rows = measure_engagement(face, OWN).index
    assert index_of(found.parts, DEFAULT_WEIGHTS)[:3] == pytest.approx(rows[[100, 200, 300]])
    assert found.between(10.0, 35.0).end_s.tolist() == [20.0, 30.0]
    assert index_windows(face, 2, OWN).is_measured.sum() == 0


def test_windows_say_which_parts_of_a_calibration_they_lack() -> None:
    face = a_face()
    assert index_windows(face, 1, OWN).between(0.0, 20.0).basis == (
        "Not calibrated (direction of the screen): compared with typical values there."
    )
    assert index_windows(face, 1, None).basis.startswith(
        "Not calibrated (direction of the screen, face at rest, eyes)"
    )
    whole = replace(OWN, cone=FacingCone())
    assert index_windows(face, 1, whole).basis.startswith("Calibrated: ")


@pytest.mark.parametrize(
    ("label", "yaw", "eyes", "index"),
    [
        ("neutral", 0.0, 0.9, 100.0),
        ("happy", 0.0, 0.9, 100 * 0.6 * 5 / 4.5),
        ("neutral", 35.0, 0.9, 100 * 0.9 * 2 / 4.5),
        ("neutral", 0.0, 0.4, 100 * 0.9 * 1.5 / 4.5),
        ("neutral", 0.0, 0.1, 0.0),
    ],
    ids=["neutral", "happy", "turned", "half open", "closed"],
)
def test_the_published_index_is_emotion_weight_times_gaze_weight(label, yaw, eyes, index) -> None:
    face = a_face()
    one = replace(
        face,
        steady=np.tile(np.eye(len(FER7))[FER7.labels.index(label)], (len(TIMES), 1)),
        pose=turned(face, yaw),
        eyes_open=np.full(len(TIMES), eyes),
    )
    assert measure_concentration(one, OWN).index == pytest.approx(index)


def test_the_published_index_needs_the_seven_expressions() -> None:
    face = a_face()
    two = replace(face, scheme=CONFIDENT2, scores=face.scores[:, :2], steady=face.steady[:, :2])
    assert np.isnan(measure_concentration(two, OWN).index).all()


@pytest.mark.parametrize(
    ("shapes", "yaw", "is_candidate"),
    [
        ({"browDownLeft": 0.4, "browDownRight": 0.4}, 0.0, 1),
        ({"eyeSquintLeft": 0.4, "eyeSquintRight": 0.4}, 0.0, 1),
        ({"browDownLeft": 0.4, "browDownRight": 0.4}, 35.0, 0),
        ({"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9}, 0.0, 0),
    ],
    ids=["brows", "lids", "turned away", "a smile"],
)
def test_a_confusion_candidate_lowers_brows_or_tightens_lids_while_facing(
    shapes, yaw, is_candidate
) -> None:
    face = a_face(**shapes)
    found = measure_confusion(replace(face, pose=turned(face, yaw)), OWN)
    assert set(found.is_candidate[TIMES >= 2]) == {is_candidate}


def test_without_an_own_face_at_rest_there_are_no_candidates() -> None:
    for calibration in (None, Calibration()):
        assert np.isnan(measure_confusion(a_face(browDownLeft=0.9), calibration).is_candidate).all()
