"""Nothing that a board shows of groups tells of one learner."""

from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from core.classroom.board.anonymity import (
    APART_S,
    ShownGroups,
    differ_by_one,
    group_of,
    group_to_show,
    members_of,
)
from core.classroom.board.view import Withheld

SMALLEST = 5
groups = st.integers(0, 2**9 - 1)


def size(group):
    return bin(group).count("1")


@given(st.lists(groups, max_size=40))
@example([0b11111, 0b111111, 0b11111])
def test_two_shown_windows_in_a_row_never_differ_by_one_learner(sequence):
    chain, shown = ShownGroups(SMALLEST), []
    for at, group in enumerate(sequence):
        chosen, why = chain.in_window(10 * at, group)
        if why is None:
            assert size(chosen) >= SMALLEST
            assert chosen & group == chosen
            shown.append((10 * at, chosen))
    for (first_s, one), (then_s, other) in pairwise(shown):
        assert size(one ^ other) != 1 or then_s - first_s >= APART_S


@given(st.lists(st.tuples(st.integers(0, 8), groups), max_size=60))
def test_two_figures_of_one_window_never_differ_by_one_learner(steps):
    chain, shown = ShownGroups(SMALLEST), {}
    for window, group in steps:
        chosen, why = chain.in_window(10 * window, group)
        if why is None:
            shown.setdefault(window, set()).add(chosen)
    for there in shown.values():
        assert not any(size(one ^ other) == 1 for one in there for other in there)


@given(st.lists(st.tuples(st.integers(0, 2), groups), max_size=60))
def test_the_moving_window_obeys_the_same_rule(steps):
    chain, shown, at_s = ShownGroups(SMALLEST), [], 0
    for wait_s, group in steps:
        at_s += wait_s
        chosen, why = chain.now(at_s, group)
        if why is None:
            shown.append((at_s, chosen))
    for (first_s, one), (then_s, other) in pairwise(shown):
        assert size(one ^ other) != 1 or then_s - first_s >= APART_S


@given(groups, groups, st.lists(groups, max_size=5))
def test_withdrawing_one_and_then_a_second(group, gone, later):
    """Of one window: whoever compares its shown figures can subtract no single learner."""
    chain, seen = ShownGroups(SMALLEST), []
    for one in (group, *(group & ~each for each in (gone, *later))):
        chosen, why = chain.in_window(0, one)
        if why is None:
            seen.append(chosen)
    assert not any(differ_by_one(one, other) for one in seen for other in seen)


SEVEN = 0b1111111


def test_a_window_that_lost_one_learner_waits_for_a_second():
    chain = ShownGroups(SMALLEST)
    assert chain.in_window(10, SEVEN) == (SEVEN, None)
    assert chain.in_window(10, SEVEN & ~0b1) == (SEVEN & ~0b1, Withheld.ONE_LEFT)
    assert chain.in_window(10, SEVEN & ~0b11) == (SEVEN & ~0b11, None)
    assert chain.in_window(10, SEVEN & ~0b111) == (SEVEN & ~0b111, Withheld.TOO_FEW)


def test_five_that_become_four_are_not_shown():
    chain = ShownGroups(SMALLEST)
    assert chain.in_window(10, 0b11111)[1] is None
    assert chain.in_window(10, 0b01111)[1] is Withheld.TOO_FEW
    assert chain.now(11, 0b01111)[1] is Withheld.TOO_FEW


def test_whoever_comes_alone_waits_for_the_next_one():
    chain = ShownGroups(SMALLEST)
    assert chain.in_window(10, 0b11111) == (0b11111, None)
    assert chain.in_window(20, 0b111111)[1] is Withheld.ONE_CHANGED
    assert chain.in_window(30, 0b1111111) == (0b1111111, None)


def test_whose_rows_come_late_alone_is_left_out_of_a_window_that_was_shown():
    chain = ShownGroups(SMALLEST)
    assert chain.in_window(10, 0b11111) == (0b11111, None)
    assert chain.in_window(10, 0b111111) == (0b11111, None)


def test_an_odd_number_of_lost_learners_shows_nothing():
    chain = ShownGroups(SMALLEST)
    chain.lost = {10: 1, 80: 2, 150: 3}
    found = [chain.in_window(end_s, SEVEN)[1] for end_s in (10, 80, 150)]
    assert found == [Withheld.ONE_LEFT, None, Withheld.ONE_LEFT]


def test_what_follows_a_window_that_lost_one_waits_as_if_it_had_been_shown():
    chain = ShownGroups(SMALLEST)
    chain.lost = {10: 1}
    assert chain.in_window(10, SEVEN)[1] is Withheld.ONE_LEFT
    assert chain.in_window(20, SEVEN)[1] is Withheld.ONE_CHANGED
    assert chain.now(21, SEVEN)[1] is Withheld.ONE_CHANGED
    assert chain.in_window(30, SEVEN >> 1)[1] is None


def test_whoever_leaves_alone_is_missed_after_a_minute():
    chain = ShownGroups(SMALLEST)
    assert chain.in_window(10, SEVEN)[1] is None
    for end_s in (20, 30, 40, 50, 60):
        assert chain.in_window(end_s, SEVEN >> 1)[1] is Withheld.ONE_CHANGED
    assert chain.in_window(70, SEVEN >> 1)[1] is None


def test_nobody_is_not_measured_and_with_a_list_everything_is_shown():
    assert group_to_show(0, smallest=1, earlier=(), near=())[1] is Withheld.NOT_MEASURED
    chain = ShownGroups(1)
    assert [chain.in_window(end, group)[1] for end, group in ((10, 1), (20, 3), (30, 0))] == [
        None,
        None,
        Withheld.NOT_MEASURED,
    ]


@given(st.lists(st.booleans(), max_size=70))
def test_groups_are_bits_and_back(members):
    group = group_of(np.array(members, dtype=bool))
    assert size(group) == sum(members)
    assert members_of(group, len(members)).tolist() == members
