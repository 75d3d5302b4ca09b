from __future__ import annotations

import numpy as np

from core.datasets.audit.duplicates import Leak, duplicate_groups, summarise_duplicates
from core.datasets.audit.problem import NO_PARTNER, Problem, ProblemKind
from core.domain import UNLABELLED

SPLITS = ("Training", "PublicTest", "PrivateTest")


def _problem(kind, count, pairs):
    partners = np.full(count, NO_PARTNER, dtype=np.int64)
    for later, earlier in pairs.items():
        partners[later] = earlier
    flagged = partners != NO_PARTNER
    return Problem(kind, flagged.astype(np.float32), flagged, "", partners=partners)


def _summary(count, *, exact=None, near=None, labels=None, split_of=None):
    return summarise_duplicates(
        _problem(ProblemKind.EXACT_DUPLICATE, count, exact or {}),
        _problem(ProblemKind.NEAR_DUPLICATE, count, near or {}),
        labels=np.zeros(count, np.int64) if labels is None else np.array(labels),
        split_of=np.zeros(count, np.int64) if split_of is None else np.array(split_of),
        split_names=SPLITS,
    )


def test_duplicates_are_counted_within_and_across_classes():
    found = _summary(5, exact={1: 0, 2: 0, 4: 3}, labels=[1, 1, 2, 0, 0])
    assert (found.exact.duplicates, found.exact.share) == (3, 0.6)
    assert (found.exact.within_class, found.exact.across_classes) == (2, 1)
    assert found.near.duplicates == 0


def test_pictures_without_label_contradict_nobody():
    found = _summary(4, exact={1: 0, 3: 2}, labels=[UNLABELLED, 1, 2, UNLABELLED]).exact
    assert (found.duplicates, found.within_class, found.across_classes) == (2, 0, 0)


def test_duplicates_inside_one_split_leak_nothing():
    found = _summary(4, exact={1: 0}, near={3: 2})
    assert (found.exact.leaked, found.near.leaked) == (0, 0)
    assert found.exact.leaks == ()


def test_a_leak_names_both_splits():
    found = _summary(6, exact={3: 0, 4: 1, 5: 3}, split_of=[0, 0, 0, 1, 2, 2]).exact
    assert found.leaked == 3
    assert found.leaks == (
        Leak("PublicTest", "Training", 1),
        Leak("PrivateTest", "Training", 2),
        Leak("PrivateTest", "PublicTest", 1),
    )


def test_a_leak_is_seen_through_a_third_picture():
    # 2 repeats 1 of its own split, which repeats 0 of another.
    assert _summary(3, near={1: 0, 2: 1}, split_of=[0, 1, 1]).near.leaked == 2


def test_exact_and_near_leaks_are_not_counted_twice():
    found = _summary(4, exact={2: 0}, near={1: 0, 3: 2}, split_of=[0, 0, 1, 1])
    assert (found.exact.leaked, found.near.leaked) == (1, 1)


def test_groups_join_duplicates():
    exact = _problem(ProblemKind.EXACT_DUPLICATE, 5, {1: 0})
    near = _problem(ProblemKind.NEAR_DUPLICATE, 5, {3: 1})
    groups = duplicate_groups(exact, near)
    assert groups[0] == groups[1] == groups[3]
    assert len(set(groups.tolist())) == 3


def test_no_duplicates_in_an_empty_dataset():
    found = _summary(0)
    assert (found.exact.duplicates, found.exact.share, found.near.leaks) == (0, 0.0, ())
