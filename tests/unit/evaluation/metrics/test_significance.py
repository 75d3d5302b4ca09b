"""Which model is better, or nobody can tell."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.evaluation.metrics.significance import mcnemar, paired_difference, unpaired_difference


def answers(both: int, first: int, second: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether each of two models named a picture right, from the four counts."""
    counts = (both, first, second, neither)
    return (
        np.repeat([True, True, False, False], counts),
        np.repeat([True, False, True, False], counts),
    )


def test_independent_shares_give_newcombes_published_interval() -> None:
    found = unpaired_difference((56, 70), (48, 80)).accuracy
    assert_allclose([found.value, found.low, found.high], [0.2, 0.0524, 0.3339], atol=5e-5)


def test_paired_shares_give_newcombes_published_interval() -> None:
    found = paired_difference(*answers(36, 12, 2, 0)).accuracy
    assert_allclose([found.value, found.low, found.high], [0.2, 0.0569, 0.3404], atol=5e-5)


def test_the_exact_test_counts_coin_throws() -> None:
    found = mcnemar(1, 5)
    assert found.exact_p == pytest.approx(2 * (1 + 6) / 64)
    assert found.mid_p == pytest.approx(2 * (1 + 6 / 2) / 64)


def test_models_that_answer_alike_are_a_tie() -> None:
    found = paired_difference(*answers(70, 0, 0, 30))
    assert found.is_tie
    assert found.accuracy.value == 0.0
    assert found.test is not None
    assert found.test.exact_p == found.test.mid_p == 1.0


def test_pairing_finds_what_shares_alone_cannot() -> None:
    one, other = answers(600, 45, 15, 340)
    assert not paired_difference(one, other).is_tie
    shares = [(int(right.sum()), len(right)) for right in (one, other)]
    assert unpaired_difference(shares[0], shares[1]).is_tie


def test_predictions_that_cannot_be_paired_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_difference(np.ones(3, dtype=bool), np.ones(2, dtype=bool))
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_difference(np.ones(0, dtype=bool), np.ones(0, dtype=bool))
