"""Splits by person: each person is in exactly one split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Dataset
from core.domain.counted import counted
from core.domain.errors import EmptySplit, PlanError

_RESTARTS = 8  # greedy starts; the best after local search is taken
_MOST_ROUNDS = 50
_EMPTY_CELL = 100.0  # cost of a side without some label: more than any distance from the fractions


@dataclass(frozen=True, eq=False)
class _People:
    """Counts of every person's pictures, and the target of each side.

    Attributes:
        counts: float64 `(people, columns)`: pictures of each label, then all pictures, as shares of
            their column's sum.
        target: float64 `(sides, columns)`: requested share of each side.
    """

    counts: NDArray[np.float64]
    target: NDArray[np.float64]


def split_by_person(
    subjects: NDArray[np.str_],
    labels: NDArray[np.int64],
    *,
    fractions: Sequence[float],
    seed: int,
) -> NDArray[np.int64]:
    """Assign each person to one side, so that pictures and labels approach the fractions.

    Greedy assignment, largest people first, followed by a local search that moves and swaps people.
    The result does not depend on the order of pictures.

    Args:
        subjects: `(n,)`, person IDs.
        labels: int64 `(n,)`; `UNLABELLED` counts as a picture only.
        fractions: share of pictures on each side; positive, summing to 1.
        seed: same seed, same split.
    Returns:
        int64 `(n,)`: the side of each picture.
    Raises:
        PlanError: the fractions are invalid.
        EmptySplit: too few people to give each side every label, or a picture without person ID.
    """
    _expect_fractions(fractions)
    names, person_of = np.unique(subjects, return_inverse=True)
    _expect_enough_people(names, len(fractions))
    people = _counted(person_of, labels, np.asarray(fractions, dtype=np.float64))
    rng = np.random.default_rng(seed)
    tried = [_improved(people, _greedy_sides(people, rng), rng) for _ in range(_RESTARTS)]
    best = min(tried, key=lambda sides: _cost(_sums(people, sides), people.target))
    if _empty_cells(_sums(people, best)).any():
        raise EmptySplit(
            f"{counted(len(names), 'person', 'people')} are too few for {len(fractions)} "
            "splits with pictures of every label and no person in two splits.",
            advice="Use more people, fewer splits, or larger classes.",
        )
    return best[person_of]


def people_in_several_splits(
    split_of: NDArray[np.int64], subjects: NDArray[np.str_]
) -> tuple[str, ...]:
    """People in more than one split, sorted; pictures without a person ID are left out."""
    sides: dict[str, set[int]] = {}
    for person, side in zip(subjects.tolist(), split_of.tolist(), strict=True):
        sides.setdefault(person, set()).add(side)
    return tuple(sorted(person for person, splits in sides.items() if person and len(splits) > 1))


def leak_sentences(dataset: Dataset) -> tuple[str, ...]:
    """A sentence if people are in more than one split; empty otherwise."""
    people = people_in_several_splits(dataset.split_of, dataset.pictures.subjects)
    if not people:
        return ()
    shown = ", ".join(people[:5])
    are = counted(len(people), "person is", "people are")
    return (f"{are} in more than one split: {shown}.",)


def _expect_fractions(fractions: Sequence[float]) -> None:
    if len(fractions) < 2 or min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-6:
        raise PlanError(
            f"{list(fractions)} are no fractions of two or more splits.",
            advice="Give positive numbers that sum to 1, such as 0.7, 0.15 and 0.15.",
        )


def _expect_enough_people(names: NDArray[np.str_], sides: int) -> None:
    if (names == "").any():
        raise EmptySplit(
            "Some pictures have no person ID, so a split by person is not possible.",
            advice="Use pictures with a person ID, or exclude the others.",
        )
    if len(names) < sides:
        raise EmptySplit(
            f"{counted(len(names), 'person', 'people')} are too few for {sides} splits.",
            advice="Add videos of more people.",
        )


def _counted(
    person_of: NDArray[np.int64], labels: NDArray[np.int64], shares: NDArray[np.float64]
) -> _People:
    known = np.unique(labels[labels != UNLABELLED])
    counts = np.zeros((int(person_of.max()) + 1, len(known) + 1))
    for column, label in enumerate(known):
        np.add.at(counts[:, column], person_of[labels == label], 1.0)
    np.add.at(counts[:, -1], person_of, 1.0)
    counts /= counts.sum(axis=0)
    return _People(counts, np.repeat(shares[:, None], counts.shape[1], axis=1))


def _greedy_sides(people: _People, rng: np.random.Generator) -> NDArray[np.int64]:
    """Greedy assignment: largest people first, each to the side with the lowest cost."""
    shuffled = rng.permutation(len(people.counts))
    order = shuffled[np.argsort(-people.counts[shuffled, -1], kind="stable")]
    sides = np.zeros(len(order), dtype=np.int64)
    sums = np.zeros_like(people.target)
    for person in order:
        sides[person] = _best_side(sums, people.counts[person], people.target)
        sums[sides[person]] += people.counts[person]
    return sides


def _best_side(
    sums: NDArray[np.float64], counts: NDArray[np.float64], target: NDArray[np.float64]
) -> int:
    """The side where adding these counts costs least."""
    after = sums[None] + np.eye(len(sums))[:, :, None] * counts
    return int(np.argmin(_costs(after, target)))


def _improved(
    people: _People, sides: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Local search: move and swap people while that lowers the cost."""
    for _ in range(_MOST_ROUNDS):
        before = _cost(_sums(people, sides), people.target)
        for person in rng.permutation(len(sides)):
            _move(people, sides, int(person))
            _swap(people, sides, int(person))
        if _cost(_sums(people, sides), people.target) > before - 1e-12:
            break
    return sides


def _move(people: _People, sides: NDArray[np.int64], person: int) -> None:
    sums = _sums(people, sides)
    sums[sides[person]] -= people.counts[person]
    sides[person] = _best_side(sums, people.counts[person], people.target)


def _swap(people: _People, sides: NDArray[np.int64], person: int) -> None:
    """Swap with the person who lowers the cost most, if anybody does."""
    sums, own = _sums(people, sides), sides[person]
    others = np.flatnonzero(sides != own)
    gives = people.counts[person] - people.counts[others]
    after = np.repeat(sums[None], len(others) + 1, axis=0)
    after[:-1, own] -= gives
    after[np.arange(len(others)), sides[others]] += gives
    best = int(
        np.argmin(_costs(after, people.target) + 1e-12 * (np.arange(len(after)) < len(others)))
    )
    if best < len(others):
        sides[person], sides[others[best]] = sides[others[best]], own


def _sums(people: _People, sides: NDArray[np.int64]) -> NDArray[np.float64]:
    sums = np.zeros_like(people.target)
    np.add.at(sums, sides, people.counts)
    return sums


def _cost(sums: NDArray[np.float64], target: NDArray[np.float64]) -> float:
    return float(_costs(sums[None], target)[0])


def _costs(sums: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances from the target, for candidates `(m, sides, columns)` at once."""
    distance = ((sums - target) ** 2).sum(axis=(1, 2))
    return np.asarray(distance + _EMPTY_CELL * _empty_cells(sums).sum(axis=(1, 2)))


def _empty_cells(sums: NDArray[np.float64]) -> NDArray[np.bool_]:
    return sums < 1e-9
