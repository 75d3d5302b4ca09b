"""Smile, mouth moving, tension, and the two-class score, on rows made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, FER7, LabelScheme
from core.measures import Calibration
from core.measures.signals.confidence import measure_confidence
from core.measures.signals.mouth_moving import measure_mouth
from core.measures.signals.smile import measure_smile
from core.measures.signals.tension import measure_tension
from tests.faces_in_time import AT_REST, OWN, SPREAD, both, face_with, seconds
from tests.make import make_timeline


def test_a_smile_is_what_the_mouth_does_above_its_own_rest():
    found = measure_smile(face_with(seconds(5), **both("mouthSmile", 0.6)), OWN)
    assert np.isnan(found.smile[:6]).all()
    assert found.smile[10:] == pytest.approx(0.5)
    assert (found.is_smiling[10:] == 1).all()
    at_rest = measure_smile(face_with(seconds(5)), OWN)
    assert at_rest.smile[10:] == pytest.approx(0.0, abs=1e-6)
    assert (at_rest.is_smiling[10:] == 0).all()


def test_a_smile_is_averaged_over_a_second():
    found = measure_smile(face_with(seconds(5), **both("mouthSmile", seconds(5) / 10)), OWN)
    assert found.smile[40] == pytest.approx(0.345 - AT_REST)


def _talking(depth, *, at_rest=0.02):
    times = seconds(9, fps=15)
    gap = at_rest + depth * (np.sin(2 * np.pi * 4 * times) > 0)
    return replace(face_with(times), lip_gap=gap)


def test_a_mouth_that_opens_and_closes_moves_and_one_that_stays_open_does_not():
    assert measure_mouth(_talking(0.06), None).is_moving[-1] == 1.0
    assert measure_mouth(_talking(0.0, at_rest=0.1), None).is_moving[-1] == 0.0
    assert measure_mouth(_talking(0.06), None).sd[-1] == pytest.approx(0.03, abs=0.002)


def test_who_is_restless_at_rest_needs_more_movement():
    restless = Calibration(lip_gap_sd=0.02)
    assert measure_mouth(_talking(0.06), restless).is_moving[-1] == 0.0
    assert measure_mouth(_talking(0.06), Calibration(lip_gap_sd=0.0)).is_moving[-1] == 1.0


def test_tension_is_the_mean_of_its_parts_in_own_standard_deviations():
    moved = {
        **both("browDown", AT_REST + 3 * SPREAD),
        "mouthPressLeft": AT_REST + 2 * SPREAD,
        "mouthRollUpper": AT_REST - SPREAD,
    }
    found = measure_tension(face_with(seconds(15), **moved), OWN)
    assert np.isnan(found.tension[:60]).all()
    parts = (found.brow[-1], found.press[-1], found.roll[-1])
    assert parts == pytest.approx((3.0, 1.0, -0.5), abs=1e-5)
    assert found.tension[-1] == pytest.approx(3.5 / 3, abs=1e-5)


def test_a_calm_face_has_no_tension_and_another_is_compared_with_still_faces():
    calm = face_with(seconds(15))
    assert measure_tension(calm, OWN).tension[-1] == pytest.approx(0.0, abs=1e-5)
    assert measure_tension(calm, None).tension[-1] > 0  # 0.1 is more than still faces show


def test_confident_and_stressed_are_the_mapped_scores_of_the_last_second():
    found = measure_confidence(make_timeline(5), None)
    happy, other = 0.8, 0.2 / 6
    kept = happy + 4 * other
    assert found.confident[-1] == pytest.approx((happy + other) / kept)
    assert found.confident[-1] + found.stressed[-1] == pytest.approx(1.0)


def test_a_two_class_model_is_taken_as_it_is_and_any_other_says_nothing():
    seven = make_timeline(5)
    scores = np.tile([0.3, 0.7], (len(seven), 1))
    for labels, confident in ((CONFIDENT2.labels, 0.3), (CONFIDENT2.labels[::-1], 0.7)):
        two = replace(seven, scheme=LabelScheme("theirs", labels), scores=scores, steady=scores)
        assert measure_confidence(two, None).confident[-1] == pytest.approx(confident)
    neither = replace(
        seven, scheme=LabelScheme("theirs", ("bored", "awake")), scores=scores, steady=scores
    )
    assert np.isnan(measure_confidence(neither, None).confident).all()
    assert seven.scheme == FER7
