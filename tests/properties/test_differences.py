"""Differences between models against brute force: every table, every way the coins may fall."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, multinomial

from core.evaluation.metrics.significance import mcnemar, paired_difference, unpaired_difference
from tests.unit.evaluation.metrics.test_significance import answers

COUNTS = st.integers(0, 400)


@given(first=st.integers(0, 11), second=st.integers(0, 11))
def test_the_test_is_the_share_of_coin_throws_as_uneven_as_this(first: int, second: int) -> None:
    both = first + second
    # Every way `both` coins may fall would be 2**22 here; their number by heads is Pascal's row.
    ways = np.array([1])
    for _ in range(both):
        ways = np.convolve(ways, [1, 1])
    uneven = np.abs(2 * np.arange(both + 1) - both)
    observed = abs(first - second)
    exact = ways[uneven >= observed].sum() / 2**both
    mid = exact - ways[uneven == observed].sum() / 2**both / 2
    found = mcnemar(first, second)
    assert found.exact_p == pytest.approx(exact)
    if first != second:
        assert found.mid_p == pytest.approx(mid)


@given(table=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS).filter(any))
def test_turning_the_question_around_turns_the_answer_around(
    table: tuple[int, int, int, int],
) -> None:
    one, other = answers(*table)
    there, back = paired_difference(one, other), paired_difference(other, one)
    assert there.accuracy.value == pytest.approx(-back.accuracy.value)
    assert there.accuracy.low == pytest.approx(-back.accuracy.high)
    assert there.accuracy.high == pytest.approx(-back.accuracy.low)
    assert there.is_tie == back.is_tie
    assert -1 <= there.accuracy.low <= there.accuracy.value <= there.accuracy.high <= 1


@given(first=st.tuples(COUNTS, st.integers(1, 400)), second=st.tuples(COUNTS, st.integers(1, 400)))
def test_independent_shares_turn_around_too(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    one = (min(first[0], first[1]), first[1])
    other = (min(second[0], second[1]), second[1])
    there, back = unpaired_difference(one, other), unpaired_difference(other, one)
    assert there.accuracy.low == pytest.approx(-back.accuracy.high)
    assert there.accuracy.high == pytest.approx(-back.accuracy.low)


@given(table=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS).filter(any))
def test_models_that_fail_alike_are_told_apart_better_in_pairs(
    table: tuple[int, int, int, int],
) -> None:
    both, first, second, neither = table
    # Where they do not fail alike, pairing may widen the interval, rightly.
    assume(both * neither > first * second + sum(table) / 2)
    one, other = answers(*table)
    shares = [(int(right.sum()), len(right)) for right in (one, other)]
    pairs, apart = paired_difference(one, other), unpaired_difference(shares[0], shares[1])
    assert pairs.accuracy.high - pairs.accuracy.low <= apart.accuracy.high - apart.accuracy.low


def test_the_interval_of_pairs_covers_nineteen_of_twenty_times() -> None:
    """Exact coverage over every table of 14 pictures, for many true shares."""
    pictures = 14
    tables = [
        (a, b, c, pictures - a - b - c)
        for a, b, c in product(range(pictures + 1), repeat=3)
        if a + b + c <= pictures
    ]
    found = [paired_difference(*answers(*table)).accuracy for table in tables]
    low = np.array([one.low for one in found])
    high = np.array([one.high for one in found])
    rng = np.random.default_rng(1998)
    covered = []
    for shares in rng.dirichlet([4, 1, 1, 2], size=60):
        chance = multinomial.pmf(tables, pictures, shares)
        truth = shares[1] - shares[2]
        covered.append(chance[(low <= truth) & (truth <= high)].sum())
    assert 0.945 < np.mean(covered) < 0.985
    assert min(covered) > 0.88


def test_the_interval_of_independent_shares_covers_nineteen_of_twenty_times() -> None:
    """Exact coverage over all pairs of counts of 20 and 25 pictures."""
    counts = list(product(range(21), range(26)))
    found = [unpaired_difference((a, 20), (b, 25)).accuracy for a, b in counts]
    low = np.array([one.low for one in found])
    high = np.array([one.high for one in found])
    covered = []
    for one, other in np.random.default_rng(1998).uniform(0.05, 0.95, size=(80, 2)):
        chance = np.outer(binom.pmf(range(21), 20, one), binom.pmf(range(26), 25, other)).ravel()
        covered.append(chance[(low <= one - other) & (one - other <= high)].sum())
    assert 0.945 < np.mean(covered) < 0.975
    assert min(covered) > 0.9
