from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets import hold_out
from core.domain.errors import EmptySplit

LABELS = st.lists(st.integers(8, 60), min_size=2, max_size=7).map(
    lambda counts: np.repeat(np.arange(len(counts)), counts)
)


@given(LABELS, st.integers(0, 2**32 - 1))
def test_the_sides_share_nothing_and_lose_nothing(labels, seed):
    kept, held = hold_out(labels, fraction=0.25, seed=seed)
    assert sorted([*kept, *held]) == list(range(len(labels)))


@given(LABELS, st.integers(0, 2**32 - 1))
def test_each_label_keeps_its_share_within_one_picture(labels, seed):
    _, held = hold_out(labels, fraction=0.25, seed=seed)
    for label in np.unique(labels):
        wanted = 0.25 * (labels == label).sum()
        assert abs((labels[held] == label).sum() - wanted) <= 1


@given(LABELS, st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_split(labels, seed):
    first, second = (hold_out(labels, fraction=0.25, seed=seed) for _ in range(2))
    assert np.array_equal(first[1], second[1])


def test_a_label_too_rare_to_divide_is_refused():
    with pytest.raises(EmptySplit, match="Label 1 has 1 picture:"):
        hold_out(np.array([0] * 20 + [1]), fraction=0.25, seed=1)
