from __future__ import annotations

import pytest

from core.domain.errors import PlanError
from core.evaluation.metrics.learning_curve import LearningCurvePoint, extrapolate

SIZES = (1_000, 2_000, 4_000, 8_000, 16_000)
JUDGED = 1_000_000  # nearly without chance


def _learned(floor, scale, slope, judged=JUDGED):
    return [
        LearningCurvePoint(size, round((1 - floor - scale * size**-slope) * judged), judged)
        for size in SIZES
    ]


def test_the_curve_that_made_the_figures_is_found_again():
    curve = extrapolate(_learned(0.2, 5.0, 0.5), seed=1)
    assert curve.floor == pytest.approx(0.2, abs=0.005)
    assert curve.slope == pytest.approx(0.5, abs=0.03)
    assert curve.most == 16_000
    assert curve.at_twice.value == pytest.approx(1 - 0.2 - 5 * 32_000**-0.5, abs=1e-3)
    assert curve.at_ten_times.value == pytest.approx(1 - 0.2 - 5 * 160_000**-0.5, abs=3e-3)
    assert curve.at_most.value == pytest.approx(0.8, abs=0.005)


def test_fewer_evaluated_pictures_and_larger_sizes_make_wider_intervals():
    few = extrapolate(_learned(0.2, 5.0, 0.5, judged=3_589), seed=1)
    many = extrapolate(_learned(0.2, 5.0, 0.5), seed=1)

    def width(one):
        return one.high - one.low

    assert width(few.at_twice) > 5 * width(many.at_twice)
    assert width(few.at_most) > width(few.at_ten_times) > width(few.at_twice)


def test_the_order_of_the_figures_does_not_matter():
    learned = _learned(0.3, 3.0, 0.4)
    assert extrapolate(learned[::-1], seed=1).at_twice.value == pytest.approx(
        extrapolate(learned, seed=1).at_twice.value, abs=1e-6
    )


def test_three_sizes_are_too_few():
    with pytest.raises(PlanError, match="needs 4 different numbers of training pictures, got 3"):
        extrapolate(_learned(0.2, 5.0, 0.5)[:3] * 2, seed=1)


def test_a_model_that_is_always_right_does_not_end_the_arithmetic():
    curve = extrapolate([LearningCurvePoint(size, 100, 100) for size in SIZES], seed=1)
    assert curve.at_twice.value > 0.98
