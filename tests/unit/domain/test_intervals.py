from __future__ import annotations

import pytest
from scipy.stats import binomtest

from core.domain.intervals import share_interval


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Reference: statsmodels.stats.proportion.proportion_confint(method="wilson").
    [(0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (2500, 3589, 0.68130, 0.71141)],
)
def test_share_intervals_are_the_published_ones(hits, of, low, high):
    interval = share_interval(hits, of)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize("of", [1, 20, 100, 3589])
def test_a_shares_interval_is_that_of_scipy(of):
    for hits in {0, 1, of // 3, of - 1, of}:
        expected = binomtest(hits, of).proportion_ci(0.95, method="wilson")
        found = share_interval(hits, of)
        assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-12)


def test_a_share_of_nothing_has_no_interval():
    with pytest.raises(ValueError, match="of nothing"):
        share_interval(0, 0)
