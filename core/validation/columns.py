"""What is compared: one value for each clip, or for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.validation.correlation import Floats


@dataclass(frozen=True)
class ClipRow:
    """One usable clip.

    Attributes:
        person: who it shows.
        ratings: by name; those it has.
        values: id of a measure -> its figure; those that were measured.
        is_rest: whether the person rests.
    """

    person: str
    ratings: Mapping[str, float]
    values: Mapping[str, float]
    is_rest: bool = False


@dataclass(frozen=True)
class Columns:
    """The values of one rating and of measures, of what is compared: clips or persons.

    Attributes:
        persons: str `(n,)`.
        rating: float64 `(n,)`.
        measures: id -> float64 `(n,)`, NaN where not measured.
    """

    persons: NDArray[np.str_]
    rating: Floats
    measures: Mapping[str, Floats]

    def of(self, keep: NDArray[np.bool_]) -> Columns:
        """Those of which `keep`, bool `(n,)`, is true."""
        kept = {name: values[keep] for name, values in self.measures.items()}
        return Columns(self.persons[keep], self.rating[keep], kept)


def is_of_persons(rows: Sequence[ClipRow], rating: str) -> bool:
    """Whether persons with several clips have one value of a rating each, and these differ."""
    values: dict[str, set[float]] = {}
    rated = [row for row in rows if rating in row.ratings]
    for row in rated:
        values.setdefault(row.person, set()).add(row.ratings[rating])
    several = len(rated) > len(values) or any(row.is_rest for row in rows)
    differ = len({value for own in values.values() for value in own}) > 1
    return several and differ and all(len(own) == 1 for own in values.values())


def of_clips(rows: Sequence[ClipRow], rating: str, measures: Sequence[str]) -> Columns:
    """One value for each rated clip."""
    rated = [row for row in rows if rating in row.ratings]
    return Columns(
        np.array([row.person for row in rated], dtype=np.str_),
        np.array([row.ratings[rating] for row in rated], dtype=np.float64),
        {name: _values(rated, name) for name in measures},
    )


def of_each_person(rows: Sequence[ClipRow], rating: str, measures: Sequence[str]) -> Columns:
    """One value for each person: the mean of their rated clips, minus that of their rest."""
    has_rest = any(row.is_rest for row in rows)
    of_person: dict[str, list[ClipRow]] = {}
    for row in rows:
        of_person.setdefault(row.person, []).append(row)
    people = {
        person: own
        for person, own in of_person.items()
        if any(rating in row.ratings for row in own)
    }

    def change(own: Sequence[ClipRow], name: str) -> float:
        shown = _mean([row for row in own if rating in row.ratings], name)
        return shown - _mean([row for row in own if row.is_rest], name) if has_rest else shown

    ratings = [
        next(row.ratings[rating] for row in own if rating in row.ratings) for own in people.values()
    ]
    return Columns(
        np.array(list(people), dtype=np.str_),
        np.array(ratings, dtype=np.float64),
        {
            name: np.array([change(own, name) for own in people.values()], dtype=np.float64)
            for name in measures
        },
    )


def _mean(rows: Sequence[ClipRow], name: str) -> float:
    values = _values(rows, name)
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _values(rows: Sequence[ClipRow], name: str) -> Floats:
    return np.array([row.values.get(name, np.nan) for row in rows], dtype=np.float64)
