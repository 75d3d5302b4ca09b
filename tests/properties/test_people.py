"""Laws of dividing by person."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from core.datasets.splits.subject_split import people_in_several_splits, split_by_person
from core.domain.errors import EmptySplit
from tests.examples import examples

answers = st.lists(
    st.tuples(st.sampled_from("abcdefghijkl"), st.integers(-1, 2)), min_size=1, max_size=60
)
many_answers = st.lists(  # enough for every side: or most examples would say nothing
    st.tuples(st.sampled_from("abcdefghijkl"), st.integers(-1, 1)), min_size=80, max_size=120
)
shares = st.sampled_from([(0.5, 0.5), (0.8, 0.2), (0.7, 0.15, 0.15), (0.4, 0.3, 0.2, 0.1)])
seeds = st.integers(0, 5)


def _split(pairs, fractions, seed):
    subjects, labels = np.array([p for p, _ in pairs]), np.array([n for _, n in pairs])
    try:
        return subjects, labels, split_by_person(subjects, labels, fractions=fractions, seed=seed)
    except EmptySplit:
        return subjects, labels, None


@examples(60)
@given(pairs=answers | many_answers, fractions=shares, seed=seeds)
def test_nobody_is_in_two_splits_and_every_side_has_every_label(pairs, fractions, seed):
    subjects, labels, sides = _split(pairs, fractions, seed)
    assume(sides is not None)
    by_side = [set(subjects[sides == side]) for side in range(len(fractions))]
    assert sum(len(people) for people in by_side) == len(set(subjects))
    assert people_in_several_splits(sides, subjects) == ()
    for side in range(len(fractions)):
        assert set(labels[sides == side]) >= set(labels) - {-1}
        assert (sides == side).any()


@examples(30)
@given(pairs=answers, fractions=shares, seed=seeds, shuffle=st.randoms())
def test_the_same_seed_gives_the_same_split_whatever_the_order_of_pictures(
    pairs, fractions, seed, shuffle
):
    subjects, _, sides = _split(pairs, fractions, seed)
    _, _, again = _split(pairs, fractions, seed)
    mixed = list(pairs)
    shuffle.shuffle(mixed)
    others, _, elsewhere = _split(mixed, fractions, seed)
    if sides is None:
        assert again is None
        assert elsewhere is None
        return
    assert np.array_equal(sides, again)
    assert dict(zip(subjects, sides, strict=True)) == dict(zip(others, elsewhere, strict=True))


@examples(40)
@given(pairs=answers, cut=st.integers(0, 60))
def test_the_leak_test_finds_exactly_those_on_both_sides(pairs, cut):
    subjects = np.array([person for person, _ in pairs])
    sides = (np.arange(len(pairs)) >= cut).astype(np.int64)
    both = set(subjects[:cut]) & set(subjects[cut:])
    assert people_in_several_splits(sides, subjects) == tuple(sorted(both))
