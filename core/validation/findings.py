"""What measures of clips have to do with their ratings.

Nothing is fitted, but for one figure: the measure, and its sign, that agrees best with a rating is
chosen on half of the persons and tried on the other half. So no person is ever in both the part
that chose something and the part that is reported. (Leaving out one person at a time and pooling
what comes of it would keep them apart too, but everybody's choice then is almost the same: of made
data without any correlation, 10 % of intervals lay above 0.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.evaluation.metrics import holm
from core.validation.columns import ClipRow, Columns, is_of_persons, of_clips, of_each_person
from core.validation.correlation import (
    LEAST_CLIPS,
    LEAST_PERSONS,
    Correlation,
    Floats,
    centred,
    of_one,
    of_persons,
    pearson,
    spearman,
)

TOO_FEW = f"too few to say (under {LEAST_CLIPS} clips or {LEAST_PERSONS} persons)"
TOO_FEW_PERSONS = f"too few to say (under {LEAST_CLIPS} persons; the rating is one per person)"
SAME_RATING = "the rating is the same everywhere"
SAME_VALUE = "the measure hardly varies"

_HALVES_SEED = 1  # the same persons make the same halves in every report


@dataclass(frozen=True)
class Relation:
    """One measure and one rating.

    Attributes:
        measure: its id.
        clips, persons: that have both.
        ranks: Spearman's correlation, pooled; None with a `problem`.
        values: Pearson's correlation, likewise.
        within: Pearson's correlation of what differs from each person's own mean; None where the
            rating is one per person, or too few persons have several clips.
        of_persons: person -> Spearman's correlation of their own clips, for those with enough.
        problem: why there is no pooled figure; empty otherwise.
        adjusted_p: of `ranks`, corrected for all measures and ratings of the report (Holm 1979).
    """

    measure: str
    clips: int
    persons: int
    ranks: Correlation | None
    values: Correlation | None
    within: Correlation | None
    of_persons: Mapping[str, Correlation]
    problem: str = ""
    adjusted_p: float | None = None


@dataclass(frozen=True)
class Trial:
    """A measure that was chosen on some persons and tried on the others.

    Attributes:
        measure: its id.
        is_turned: whether more of it went with a lower rating in those it was chosen on.
        chosen_on: how many persons these were.
        ranks: Spearman's correlation in the others, turned round where `is_turned`: above 0 where
            it goes the way that was expected.
    """

    measure: str
    is_turned: bool
    chosen_on: int
    ranks: Correlation


@dataclass(frozen=True)
class RatingFindings:
    """What was found for one rating.

    Attributes:
        rating: its name.
        is_of_persons: whether each person has one value of it; a measure is then the mean of their
            clips, as a change from rest where the dataset shows them at rest.
        relations: one for each measure, in order.
        trials: of either half of the persons on the other; none where there are too few.
    """

    rating: str
    is_of_persons: bool
    relations: tuple[Relation, ...]
    trials: tuple[Trial, ...]


def find_relations(
    rows: Sequence[ClipRow], ratings: Sequence[str], measures: Sequence[str]
) -> tuple[RatingFindings, ...]:
    """Relate every measure to every rating.

    Args:
        rows: the usable clips.
        ratings: names, in the order of the report.
        measures: ids, likewise.
    """
    found = [_of_rating(rows, rating, measures) for rating in ratings]
    places = [(r, m) for r, one in enumerate(found) for m, _ in enumerate(one.relations)]
    tested = [(r, m) for r, m in places if found[r].relations[m].ranks is not None]
    p_values = [ranks.p for r, m in tested if (ranks := found[r].relations[m].ranks) is not None]
    adjusted = dict(zip(tested, holm(p_values), strict=True))
    return tuple(
        replace(
            one,
            relations=tuple(
                replace(relation, adjusted_p=adjusted.get((r, m)))
                for m, relation in enumerate(one.relations)
            ),
        )
        for r, one in enumerate(found)
    )


def try_on_others(columns: Columns, chosen_on: NDArray[np.bool_]) -> Trial | None:
    """Choose the measure whose ranks agree most with the rating, either way, and try it.

    Args:
        chosen_on: bool `(n,)`; all values of a person are on one side.
    Returns:
        None where there are too few on either side.
    """
    chosen, tried = columns.of(chosen_on), columns.of(~chosen_on)
    agreement = {
        name: found for name in columns.measures if not np.isnan(found := _agreement(chosen, name))
    }
    if not agreement:
        return None
    best = max(agreement, key=lambda name: abs(agreement[name]))
    is_turned = agreement[best] < 0
    sign = -1.0 if is_turned else 1.0
    turned = {**tried.measures, best: sign * tried.measures[best]}
    ranks = _known_ranks(replace(tried, measures=turned), best)
    persons = len(np.unique(chosen.persons))
    return None if ranks is None else Trial(best, is_turned, persons, ranks)


def _agreement(columns: Columns, name: str) -> float:
    """Spearman's correlation alone; NaN where there are too few."""
    known = columns.of(~np.isnan(columns.measures[name]))
    is_enough = len(known.rating) >= LEAST_CLIPS and len(np.unique(known.persons)) >= LEAST_PERSONS
    return spearman(known.measures[name], known.rating) if is_enough else float("nan")


def _known_ranks(columns: Columns, name: str) -> Correlation | None:
    known = columns.of(~np.isnan(columns.measures[name]))
    return of_persons(known.measures[name], known.rating, known.persons)


def _of_rating(rows: Sequence[ClipRow], rating: str, measures: Sequence[str]) -> RatingFindings:
    one_each = is_of_persons(rows, rating)
    columns = (of_each_person if one_each else of_clips)(rows, rating, measures)
    relations = tuple(
        _relation(name, columns.of(~np.isnan(values)), is_of_persons=one_each)
        for name, values in columns.measures.items()
    )
    return RatingFindings(rating, one_each, relations, _trials(columns))


def _relation(name: str, known: Columns, *, is_of_persons: bool) -> Relation:
    x, y, persons = known.measures[name], known.rating, known.persons
    ranks = _known_ranks(known, name)
    own = {str(one): of_one(x[persons == one], y[persons == one]) for one in np.unique(persons)}
    return Relation(
        measure=name,
        clips=len(x),
        persons=len(own),
        ranks=ranks,
        values=None if ranks is None else of_persons(x, y, persons, statistic=pearson),
        within=None if is_of_persons else _within(x, y, persons),
        of_persons={person: found for person, found in own.items() if found is not None},
        problem="" if ranks is not None else _problem(known, x, is_of_persons=is_of_persons),
    )


def _within(x: Floats, y: Floats, persons: NDArray[np.str_]) -> Correlation | None:
    names, counts = np.unique(persons, return_counts=True)
    several = np.isin(persons, names[counts > 1])
    x, y, persons = x[several], y[several], persons[several]
    if not len(x):
        return None
    return of_persons(centred(x, persons), centred(y, persons), persons, statistic=pearson)


def _problem(known: Columns, x: Floats, *, is_of_persons: bool) -> str:
    if len(x) < LEAST_CLIPS or len(np.unique(known.persons)) < LEAST_PERSONS:
        return TOO_FEW_PERSONS if is_of_persons else TOO_FEW
    return SAME_RATING if np.ptp(known.rating) == 0 else SAME_VALUE


def _trials(columns: Columns) -> tuple[Trial, ...]:
    persons = np.unique(columns.persons)
    half = np.random.default_rng(_HALVES_SEED).permutation(persons)[: len(persons) // 2]
    first = np.isin(columns.persons, half)
    found = (try_on_others(columns, first), try_on_others(columns, ~first))
    return tuple(one for one in found if one is not None)
