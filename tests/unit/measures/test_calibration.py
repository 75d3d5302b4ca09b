"""A person's own values: made of the rows of the steps, kept as JSON."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import BLENDSHAPES, DEAD_BLENDSHAPES
from core.domain.errors import CalibrationError
from core.domain.plain_values import from_plain, to_plain
from core.measures import (
    MEASURES,
    Calibration,
    CalibrationPart,
    EyeRange,
    FacingCone,
    RestingShape,
    calibrate,
)
from core.measures.calibration import LIVE_BLENDSHAPES
from tests.poses import one_face, posed

FPS = 15


def corner(yaw, pitch, *, seconds=2.0):
    times = np.arange(round(seconds * FPS)) / FPS
    sway = 0.5 * np.sin(7 * times)
    return posed(times, yaw + sway, pitch - sway)


def neutral(*, seconds=8.0, eyes=0.9, noise=0.0):
    times = np.arange(round(seconds * FPS)) / FPS
    rows = one_face(times)
    shapes = np.full((len(times), len(BLENDSHAPES)), 0.1)
    shapes[:, BLENDSHAPES.index("browDownLeft")] = 0.3 + noise * np.sin(5 * times)
    gap = 0.02 + 0.001 * np.where(times % 1 < 0.5, 1, -1)
    return replace(
        rows,
        blendshapes=shapes.astype(np.float32),
        eyes_open=np.full(len(times), eyes),
        lip_gap=gap,
    )


def closing(*, closed=0.3, seconds=2.0):
    rows = one_face(np.arange(round(seconds * FPS)) / FPS)
    is_shut = (rows.time_s > 0.6) & (rows.time_s < 1.6)
    return replace(rows, eyes_open=np.where(is_shut, closed, 0.9))


CORNERS = [corner(-18, 8), corner(22, 8), corner(-18, -12), corner(22, -12)]


def test_the_cone_is_centred_between_the_corners_and_reaches_beyond_them():
    cone = calibrate(corners=CORNERS).cone
    assert (cone.yaw, cone.pitch) == (pytest.approx(2, abs=0.6), pytest.approx(-2, abs=0.6))
    furthest = np.degrees(np.arccos(np.cos(np.radians(20)) * np.cos(np.radians(10))))
    assert cone.half_angle_deg == pytest.approx(furthest + 5, abs=1.0)


def test_who_moves_only_the_eyes_still_has_a_cone_and_nobody_has_a_boundless_one():
    assert calibrate(corners=[corner(3, 1)] * 4).cone.half_angle_deg == 10.0
    wide = [corner(yaw, 0) for yaw in (-60, 60, -60, 60)]
    assert calibrate(corners=wide).cone.half_angle_deg == 40.0


def test_the_face_at_rest_has_a_median_and_a_spread_of_each_live_shape():
    own = calibrate(neutral=neutral(noise=0.04))
    rest = {shape.name: shape for shape in own.rest}
    assert set(rest) == set(LIVE_BLENDSHAPES) == set(BLENDSHAPES) - DEAD_BLENDSHAPES
    assert rest["browDownLeft"].median == pytest.approx(0.3, abs=0.01)
    assert rest["browDownLeft"].spread == pytest.approx(0.04, abs=0.01)
    assert rest["jawOpen"] == RestingShape("jawOpen", 0.1, 0.0)
    assert own.lip_gap_sd == pytest.approx(0.001, abs=1e-4)


def moving_face(*, share=1.0, names=("mouthSmileLeft", "mouthSmileRight"), swing=0.2):
    """A neutral face that moves these shapes in this share of its time."""
    rows = neutral(noise=0.02)
    shapes = rows.blendshapes.copy()
    moves = rows.time_s < share * rows.time_s[-1]
    for name in names:
        at = BLENDSHAPES.index(name)
        shapes[moves, at] = 0.3 + swing * np.sin(4 * rows.time_s[moves])
    return replace(rows, blendshapes=shapes)


def test_a_face_that_moves_all_the_time_is_no_face_at_rest():
    with pytest.raises(CalibrationError, match=r"The face moved .* 2 of 32 movements") as refused:
        calibrate(neutral=moving_face())
    assert refused.value.advice == "Relax your face and do this step again, or skip it."


@pytest.mark.parametrize(
    "rows",
    [
        moving_face(share=0.3),
        moving_face(swing=0.03),
        moving_face(names=("jawOpen",)),
        moving_face(names=("eyeBlinkLeft", "eyeBlinkRight", "eyeLookUpLeft", "eyeLookUpRight")),
    ],
    ids=["a third of the time", "noise", "one shape", "blinks and gaze"],
)
def test_a_face_that_moves_a_little_is_at_rest(rows):
    assert calibrate(neutral=rows).has(CalibrationPart.REST)


def test_eyes_are_open_as_in_the_neutral_face_and_closed_as_in_the_closure():
    own = calibrate(neutral=neutral(eyes=0.85), closure=closing(closed=0.35))
    assert own.eyes == EyeRange(open=0.85, closed=0.35)


def test_a_step_that_was_skipped_leaves_its_part_out():
    own = calibrate(closure=closing())
    assert [own.has(part) for part in CalibrationPart] == [False, False, True]
    assert calibrate() == Calibration()
    needing = [one for one in MEASURES.values() if one.needs]
    assert {one.id for one in needing if one.is_calibrated(own)} == {"eyes"}
    assert not any(one.is_calibrated(None) for one in needing)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ({"corners": CORNERS[:3]}, "3 of the 4 corners"),
        ({"corners": [*CORNERS[:3], corner(0, 0, seconds=0.5)]}, r"Of corner 4, 0\.5 of 2 s"),
        ({"neutral": neutral(seconds=3.0)}, r"Of the neutral face, 3\.0 of 8 s"),
        ({"neutral": one_face(np.arange(120) / 15)}, r"Of the neutral face, 0\.0 of 8 s"),
        ({"neutral": moving_face()}, "The face moved"),
        ({"closure": closing(seconds=0.5)}, "Of the closed eyes"),
        ({"closure": closing(closed=0.88)}, "did not close: they were 88 % open"),
        ({"closure": one_face(np.zeros(0))}, "Of the closed eyes"),
    ],
)
def test_a_step_that_shows_too_little_says_so_in_one_sentence(steps, words):
    with pytest.raises(CalibrationError, match=words) as refused:
        calibrate(**steps)
    assert refused.value.message.count(". ") == 0
    assert "skip" in refused.value.advice


def test_rows_that_were_not_usable_do_not_count():
    rows = neutral()
    lost = replace(rows, usable=rows.time_s > 5)
    with pytest.raises(CalibrationError, match="Of the neutral face"):
        calibrate(neutral=lost)


def test_a_calibration_survives_as_json():
    own = calibrate(corners=CORNERS, neutral=neutral(), closure=closing())
    assert from_plain(Calibration, to_plain(own)) == own
    assert from_plain(Calibration, {}) == Calibration()


@pytest.mark.parametrize(
    "make",
    [
        lambda: RestingShape("cheekPuff", 0.1, 0.1),
        lambda: RestingShape("jawOpen", 1.5, 0.1),
        lambda: RestingShape("jawOpen", 0.5, float("nan")),
        lambda: EyeRange(open=0.4, closed=0.35),
        lambda: EyeRange(open=0.4, closed=0.9),
        lambda: FacingCone(yaw=float("nan")),
        lambda: FacingCone(half_angle_deg=0.0),
        lambda: Calibration(rest=(RestingShape("jawOpen", 0.1, 0.1),)),
        lambda: Calibration(lip_gap_sd=-1.0),
    ],
)
def test_values_that_make_no_sense_are_refused(make):
    with pytest.raises(ValueError, match=r"."):
        make()
