from __future__ import annotations

import pytest

from core.evaluation.metrics.intervals import wilson_interval


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Reference: statsmodels.stats.proportion.proportion_confint(method="wilson").
    [(0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (2500, 3589, 0.68130, 0.71141)],
)
def test_wilson_intervals_are_the_published_ones(hits, of, low, high):
    interval = wilson_interval(hits, of)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)
