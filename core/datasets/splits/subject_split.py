"""Dividing pictures by who is in them, so that nobody is met again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Dataset
from core.domain.counted import counted
from core.domain.errors import EmptySplit, PlanError

_STARTS = 8  # greedy beginnings; the best after mending wins
_MOST_ROUNDS = 50
_EMPTY_CELL = 100.0  # what a side without some label costs: more than any distance from the shares


@dataclass(frozen=True, eq=False)
class _People:
    """Everybody's pictures, counted.

    Attributes:
        counts: float64 `(people, columns)`: pictures of each label, then all pictures, as shares of
            their column's sum.
        wanted: float64 `(sides, columns)`: the same of each side, as asked for.
    """

    counts: NDArray[np.float64]
    wanted: NDArray[np.float64]


def split_by_person(
    subjects: NDArray[np.str_],
    labels: NDArray[np.int64],
    *,
    fractions: Sequence[float],
    seed: int,
) -> NDArray[np.int64]:
    """Put each person on one side, so that sides and labels come near the wanted shares.

    People with many pictures are placed first, each where it helps most; then people move and swap
    while that brings the shares nearer. Who goes where does not depend on the order of pictures.

    Args:
        subjects: `(n,)`, who is on each picture.
        labels: int64 `(n,)`; `UNLABELLED` counts as a picture only.
        fractions: wanted share of pictures on each side; positive, summing to 1.
        seed: same seed, same split.
    Returns:
        int64 `(n,)`: the side of each picture.
    Raises:
        PlanError: the fractions make no sense.
        EmptySplit: too few people, or somebody unknown, to give each side every label.
    """
    _expect_shares(fractions)
    names, person_of = np.unique(subjects, return_inverse=True)
    _expect_enough(names, len(fractions))
    people = _counted(person_of, labels, np.asarray(fractions, dtype=np.float64))
    rng = np.random.default_rng(seed)
    tried = [_mended(people, _placed(people, rng), rng) for _ in range(_STARTS)]
    best = min(tried, key=lambda sides: _cost(_sums(people, sides), people.wanted))
    if _empty_cells(_sums(people, best)).any():
        raise EmptySplit(
            f"{counted(len(names), 'person', 'people')} are too few for {len(fractions)} "
            "splits with pictures of every label and no person in two splits.",
            advice="Use more people, fewer splits, or larger classes.",
        )
    return best[person_of]


def leaks(split_of: NDArray[np.int64], subjects: NDArray[np.str_]) -> tuple[str, ...]:
    """People on more than one side, in order; empty when nothing leaks.

    Pictures that name nobody are left out: nobody can say whom they show.
    """
    sides: dict[str, set[int]] = {}
    for person, side in zip(subjects.tolist(), split_of.tolist(), strict=True):
        sides.setdefault(person, set()).add(side)
    return tuple(sorted(person for person, met in sides.items() if person and len(met) > 1))


def leaks_in_words(dataset: Dataset) -> tuple[str, ...]:
    """A sentence where somebody is in more than one split; none where nobody is."""
    met_again = leaks(dataset.split_of, dataset.pictures.subjects)
    if not met_again:
        return ()
    shown = ", ".join(met_again[:5])
    are = counted(len(met_again), "person is", "people are")
    return (f"{are} in more than one split: {shown}.",)


def _expect_shares(fractions: Sequence[float]) -> None:
    if len(fractions) < 2 or min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-6:
        raise PlanError(
            f"{list(fractions)} are no fractions of two or more splits.",
            advice="Give positive numbers that sum to 1, such as 0.7, 0.15 and 0.15.",
        )


def _expect_enough(names: NDArray[np.str_], sides: int) -> None:
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


def _placed(people: _People, rng: np.random.Generator) -> NDArray[np.int64]:
    """Largest people first, each on the side that is then nearest to what is wanted."""
    shuffled = rng.permutation(len(people.counts))
    order = shuffled[np.argsort(-people.counts[shuffled, -1], kind="stable")]
    sides = np.zeros(len(order), dtype=np.int64)
    sums = np.zeros_like(people.wanted)
    for person in order:
        sides[person] = _best_side(sums, people.counts[person], people.wanted)
        sums[sides[person]] += people.counts[person]
    return sides


def _best_side(
    sums: NDArray[np.float64], counts: NDArray[np.float64], wanted: NDArray[np.float64]
) -> int:
    """Where these counts bring the sums nearest to what is wanted."""
    after = sums[None] + np.eye(len(sums))[:, :, None] * counts
    return int(np.argmin(_costs(after, wanted)))


def _mended(
    people: _People, sides: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Move and swap people while that helps."""
    for _ in range(_MOST_ROUNDS):
        before = _cost(_sums(people, sides), people.wanted)
        for person in rng.permutation(len(sides)):
            _move(people, sides, int(person))
            _swap(people, sides, int(person))
        if _cost(_sums(people, sides), people.wanted) > before - 1e-12:
            break
    return sides


def _move(people: _People, sides: NDArray[np.int64], person: int) -> None:
    sums = _sums(people, sides)
    sums[sides[person]] -= people.counts[person]
    sides[person] = _best_side(sums, people.counts[person], people.wanted)


def _swap(people: _People, sides: NDArray[np.int64], person: int) -> None:
    """Change places with whoever makes it best, if anybody does."""
    sums, own = _sums(people, sides), sides[person]
    others = np.flatnonzero(sides != own)
    gives = people.counts[person] - people.counts[others]
    after = np.repeat(sums[None], len(others) + 1, axis=0)
    after[:-1, own] -= gives
    after[np.arange(len(others)), sides[others]] += gives
    best = int(
        np.argmin(_costs(after, people.wanted) + 1e-12 * (np.arange(len(after)) < len(others)))
    )
    if best < len(others):
        sides[person], sides[others[best]] = sides[others[best]], own


def _sums(people: _People, sides: NDArray[np.int64]) -> NDArray[np.float64]:
    sums = np.zeros_like(people.wanted)
    np.add.at(sums, sides, people.counts)
    return sums


def _cost(sums: NDArray[np.float64], wanted: NDArray[np.float64]) -> float:
    return float(_costs(sums[None], wanted)[0])


def _costs(sums: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances from the wanted shares, for candidates `(m, sides, columns)` at once."""
    far = ((sums - wanted) ** 2).sum(axis=(1, 2))
    return np.asarray(far + _EMPTY_CELL * _empty_cells(sums).sum(axis=(1, 2)))


def _empty_cells(sums: NDArray[np.float64]) -> NDArray[np.bool_]:
    return sums < 1e-9
