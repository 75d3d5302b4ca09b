"""Heads of one picture become counts; directions only of groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.classroom.room_camera.seats import SeatGrid
from core.domain.classroom import RoomSecond

WAITS_S = 60
"""How long the direction of a group waits that differs by one head from the one counted last."""

Counts = tuple[int, int, int]
"""Heads; of them those with a known direction; of those the ones that point to the front."""


@dataclass(frozen=True)
class Head:
    """A head that was found in a picture.

    Attributes:
        x, y: its middle, as fractions of the picture's width and height.
        towards: whether it points towards the front; None where its direction is unknown.
    """

    x: float
    y: float
    towards: bool | None


class HeadCounter:
    """Counts heads, second by second. What it leaves out of a second is nowhere else.

    A direction counts only in groups: of the whole picture and of each region where it is known of
    at least `smallest_group` heads, and not where a difference would tell about fewer: between two
    seconds that differ by one head (the later one waits until they differ by more, or `WAITS_S`
    have passed), or between the picture and its regions.

    Args:
        grid: regions of the picture.
        smallest_group: least number of heads whose direction counts; None where no direction
            may.
    """

    def __init__(self, grid: SeatGrid, *, smallest_group: int | None) -> None:
        self._smallest = smallest_group
        self._whole = _Gate(smallest_group)
        self.divide(grid)

    def divide(self, grid: SeatGrid) -> None:
        """Count in other regions from the next second on. The whole picture is compared with what
        was counted before all the same.
        """
        self.grid = grid
        self._regions = [_Gate(self._smallest) for _ in range(len(grid))]

    def count(self, second: int, heads: Sequence[Head]) -> RoomSecond:
        """The counts of a second.

        Args:
            second: of the class; later than the one before.
            heads: found in one picture of it.
        """
        in_region: list[list[Head]] = [[] for _ in self._regions]
        for head in heads:
            in_region[self.grid.region_at(head.x, head.y)].append(head)
        whole = _counts(heads)
        seats = [
            gate.passed(second, _counts(region))
            for gate, region in zip(self._regions, in_region, strict=True)
        ]
        shown = _without_small_rests(seats, known=whole[1], smallest=self._smallest or 0)
        return RoomSecond(second, *self._whole.passed(second, whole), tuple(shown))


class _Gate:
    """Lets the direction of a group pass, or leaves it out."""

    def __init__(self, smallest: int | None) -> None:
        self._smallest = smallest
        self._last: tuple[int, int] | None = None  # second, and heads with a known direction

    def passed(self, second: int, counts: Counts) -> Counts:
        heads, known, _ = counts
        if self._smallest is None or known < self._smallest:
            return heads, 0, 0
        if self._last is not None:
            last_second, last_known = self._last
            if abs(known - last_known) == 1 and second - last_second < WAITS_S:
                return heads, 0, 0
        self._last = second, known
        return counts


def directions_of(seconds: Iterable[RoomSecond], region: int | None = None) -> tuple[int, float]:
    """Over several seconds, the mean number of heads with a known direction, and the share of them
    that points to the front; `(0, 0.0)` where no second has any.

    Args:
        seconds: as counted.
        region: of the picture; None takes the whole.
    """
    counts = [
        (one.known, one.towards) if region is None else one.seats[region][1:] for one in seconds
    ]
    with_direction = [(known, towards) for known, towards in counts if known]
    if not with_direction:
        return 0, 0.0
    all_known = sum(known for known, _ in with_direction)
    towards = sum(towards for _, towards in with_direction)
    return round(all_known / len(with_direction)), towards / all_known


def _counts(heads: Sequence[Head]) -> Counts:
    known = [head.towards for head in heads if head.towards is not None]
    return len(heads), len(known), sum(known)


def _without_small_rests(seats: Sequence[Counts], *, known: int, smallest: int) -> list[Counts]:
    """Regions, further ones without their direction until those that have none hold no head or a
    group: otherwise the picture less its regions would tell about fewer.
    """
    shown = list(seats)
    while True:
        rest = known - sum(one[1] for one in shown)
        with_direction = [at for at, one in enumerate(shown) if one[1]]
        if rest == 0 or rest >= smallest or not with_direction:
            return shown
        at = min(with_direction, key=lambda at: shown[at][1])
        shown[at] = shown[at][0], 0, 0
