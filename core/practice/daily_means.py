"""A measure over days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo


@dataclass(frozen=True)
class DailyMean:
    """The mean of a day's answers.

    Attributes:
        day: in the person's time zone.
        mean: of the answers that have a value.
        answers: how many those are.
    """

    day: date
    mean: float
    answers: int


def daily_means(points: Iterable[tuple[datetime, float]], zone: tzinfo) -> tuple[DailyMean, ...]:
    """One mean a day, in order; days without an answer are left out.

    Args:
        points: when each answer began, aware, and its value.
        zone: in which days begin.
    """
    of_day: dict[date, list[float]] = defaultdict(list)
    for began_at, value in points:
        of_day[began_at.astimezone(zone).date()].append(value)
    return tuple(
        DailyMean(day, sum(values) / len(values), len(values))
        for day, values in sorted(of_day.items())
    )
