"""The rows of the last minutes of a stream, as columns, for measures with long windows."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import AnalysedFrame, LabelScheme, Timeline
from core.domain.timeline import COLUMNS

KEPT_S = 120
"""A trend of a minute of the measure with the longest window, PERCLOS (60 s)."""


@dataclass(frozen=True, eq=False)
class MeasuredRows:
    """Rows of all faces, with what is measured while the session runs.

    Attributes:
        timeline: the rows, perhaps none.
        activity: float64 `(n,)`, `FacialMovement.mean` of each row; NaN where not known.
        has_baseline: bool `(n,)`, `FacialMovement.is_own`.
    """

    timeline: Timeline
    activity: NDArray[np.float64]
    has_baseline: NDArray[np.bool_]

    @classmethod
    def of_moments(cls, scheme: LabelScheme, moments: Iterable[AnalysedFrame]) -> MeasuredRows:
        """Rows from analysed moments, in time order."""
        moments = tuple(moments)
        faces = [seen for moment in moments for seen in moment.observations or (None,)]
        movements = [None if seen is None else seen.movement for seen in faces]
        return cls(
            Timeline.from_frames(scheme, moments),
            np.array([np.nan if one is None else one.mean for one in movements], np.float64),
            np.array([one is not None and one.is_own for one in movements], np.bool_),
        )

    @classmethod
    def joined(cls, scheme: LabelScheme, parts: Sequence[MeasuredRows]) -> MeasuredRows:
        """One or more parts, in time order, as one."""
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(part.timeline, name) for part in parts])
            for name in COLUMNS
        }
        return cls(
            Timeline(scheme=scheme, **columns),
            np.concatenate([part.activity for part in parts]),
            np.concatenate([part.has_baseline for part in parts]),
        )


@dataclass(frozen=True, eq=False)
class RecentMoments:
    """A copy of `RecentRows`, quickly taken and joined later.

    Attributes:
        scheme: names the scores.
        closed: seconds that are over.
        open: moments of the current second.
    """

    scheme: LabelScheme
    closed: tuple[MeasuredRows, ...] = ()
    open: tuple[AnalysedFrame, ...] = ()

    def rows(self) -> MeasuredRows:
        """All of them as columns."""
        newest = MeasuredRows.of_moments(self.scheme, self.open)
        return MeasuredRows.joined(self.scheme, (*self.closed, newest))


class RecentRows:
    """The last two minutes of a stream. Not thread-safe.

    Each second becomes columns once, when it is over: the screen asks again and again.

    Args:
        scheme: names the scores.
    """

    def __init__(self, scheme: LabelScheme) -> None:
        self._scheme = scheme
        self._second = 0
        self._open: list[AnalysedFrame] = []
        self._closed: deque[tuple[int, MeasuredRows]] = deque()

    def add(self, moment: AnalysedFrame) -> None:
        """Add an analysed moment; times never decrease."""
        second = math.floor(moment.time_s)
        if second != self._second:
            self._close(second)
        self._open.append(moment)

    def copy(self) -> RecentMoments:
        """The rows as they are now."""
        return RecentMoments(
            self._scheme, tuple(rows for _, rows in self._closed), tuple(self._open)
        )

    def _close(self, second: int) -> None:
        if self._open:
            rows = MeasuredRows.of_moments(self._scheme, self._open)
            self._closed.append((self._second, rows))
        self._open, self._second = [], second
        while self._closed and self._closed[0][0] < second - KEPT_S:
            self._closed.popleft()
