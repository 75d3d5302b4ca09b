"""Own reports against measures: rank correlation, or why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from core.practice.agreement import NoCorrelation, agreement


def test_the_correlation_is_that_of_scipy_with_the_interval_of_bonett_and_wright() -> None:
    rng = np.random.default_rng(3)
    calm = rng.integers(0, 11, 20).astype(float)
    tension = -calm + rng.normal(0, 3, 20)
    found = agreement(calm, tension).correlation
    rho = spearmanr(calm, tension).statistic
    half = norm.ppf(0.975) * np.sqrt((1 + rho**2 / 2) / 17)
    assert found is not None
    assert found.value == pytest.approx(rho)
    assert (found.low, found.high) == pytest.approx(
        (np.tanh(np.arctanh(rho) - half), np.tanh(np.arctanh(rho) + half))
    )


def test_seven_answers_are_too_few_and_eight_are_not() -> None:
    values = np.array([1.0, 3.0, 2.0, 5.0, 4.0, 7.0, 6.0, 8.0])
    seven = agreement(values[:7], values[:7])
    assert (seven.pairs, seven.correlation, seven.why_none) == (7, None, NoCorrelation.TOO_FEW)
    eight = agreement(values, -values[::-1])
    assert eight.correlation is not None
    assert eight.why_none is None


def test_answers_that_lack_a_report_or_a_figure_do_not_count() -> None:
    values = np.arange(9.0)
    reported, measured = values.copy(), values.copy()
    reported[2], measured[5] = np.nan, np.nan
    assert agreement(reported, measured).pairs == 7


@pytest.mark.parametrize("constant_first", [True, False])
def test_reports_or_figures_without_spread_have_no_correlation(constant_first: bool) -> None:
    same, rising = np.full(10, 5.0), np.arange(10.0)
    pair = (same, rising) if constant_first else (rising, same)
    assert agreement(*pair).why_none is NoCorrelation.NO_SPREAD


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_perfect_order_keeps_an_interval_with_width(sign: float) -> None:
    found = agreement(np.arange(8.0), sign * np.arange(8.0)).correlation
    assert found is not None
    assert found.value == pytest.approx(sign)
    assert abs(found.high - found.low) > 0.05
    assert -1.0 <= found.low <= found.high <= 1.0


def test_the_interval_covers_no_relation_in_about_95_of_100_cases() -> None:
    rng = np.random.default_rng(11)
    found = [agreement(rng.normal(size=12), rng.normal(size=12)) for _ in range(400)]
    inside = sum(one.correlation.low <= 0 <= one.correlation.high for one in found)  # type: ignore[union-attr]
    assert 0.91 <= inside / 400 <= 0.99
