"""What learners shared, summed up by window: everything that a board's figures follow from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.view import WINDOW_S
from core.domain.classroom import MAX_LEARNERS, ClassSeconds

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

LONGEST_S = 7 * 24 * 3600
"""A board shows a week: of a class that stays open for ever, later rows are not shown."""

_AT_ONCE = 65_536  # rows: their sums fit the processor's cache
_LEARNERS_STEP = 64


@dataclass(frozen=True)
class Layout:
    """Which sums are kept; each is of seconds, or of seconds times a share.

    Attributes:
        facing: those of facing the screen.
        parts: those of eyes open and of change of expression.
        labels: how many scores.
    """

    facing: bool = False
    parts: bool = False
    labels: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Of the sums, in order: seconds in which a share is known end in `_s`."""
        facing = ("facing_s", "facing") if self.facing else ()
        parts = ("eyes_open_s", "eyes_open", "expression_s", "expression") if self.parts else ()
        scores = ("scores_s", *(f"score_{at}" for at in range(self.labels))) if self.labels else ()
        return ("measured_s", "usable_s", "present", *facing, *parts, *scores)


def summands(rows: ClassSeconds, layout: Layout) -> Iterator[Floats]:
    """What each row adds to each sum of the layout; float32 `(n,)` each.

    Shares count with the seconds that they are of (`ClassSeconds`); facing, whose seconds are those
    with a known head pose, with the seconds in view.
    """
    measured_s = np.nan_to_num(rows.measured)
    usable_s = measured_s * np.nan_to_num(rows.usable)
    present_s = measured_s * np.nan_to_num(rows.present)
    yield from (measured_s, usable_s, present_s)
    if layout.facing:
        yield from _known(rows.facing, present_s)
    if layout.parts:
        yield from _known(rows.eyes_open, usable_s)
        yield from _known(rows.expression, usable_s)
    if layout.labels:
        seconds, _ = _known(rows.scores[:, 0], usable_s)
        yield seconds
        for at in range(layout.labels):
            yield seconds * np.nan_to_num(rows.scores[:, at])


def _known(share: Floats, seconds: Floats) -> tuple[Floats, Floats]:
    known_s = np.where(np.isnan(share), np.float32(0), seconds)
    return known_s, known_s * np.nan_to_num(share)


class WindowSums:
    """Sums of each learner in each window of `WINDOW_S`; windows without rows take no room.

    Args:
        layout: which sums.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._place: dict[int, int] = {}  # window -> its row in what follows
        self._sums = np.zeros((0, len(layout.names), 0), dtype=np.float32)
        self._seen = np.zeros((0, WINDOW_S, 0), dtype=np.bool_)

    @property
    def learners(self) -> int:
        """Columns of `of_windows`: learner number i has column i - 1."""
        return int(self._sums.shape[2])

    def add(self, rows: ClassSeconds) -> tuple[ClassSeconds, set[int]]:
        """Count rows; of a second and learner only the first row ever.

        Returns:
            The rows that counted, and the windows in which they lie.
        """
        in_class = (rows.second >= 0) & (rows.second < LONGEST_S)
        allowed = np.asarray(in_class & (rows.learner >= 1) & (rows.learner <= MAX_LEARNERS))
        counted = np.zeros(len(rows), dtype=np.bool_)
        windows: set[int] = set()
        for first in range(0, len(rows), _AT_ONCE):
            at = first + np.flatnonzero(allowed[first : first + _AT_ONCE])
            if len(at):
                counted[at], touched = self._add(rows.rows(at))
                windows |= touched
        return (rows if counted.all() else rows.rows(counted)), windows

    def drop(self, learners: Collection[int]) -> set[int]:
        """Forget learners; the windows in which they had rows."""
        columns = np.array([one - 1 for one in learners if one <= self.learners], dtype=np.intp)
        had = np.asarray(self._seen[:, :, columns].any(axis=(1, 2)))
        self._sums[:, :, columns] = 0
        self._seen[:, :, columns] = False
        return {window for window, row in self._place.items() if had[row]}

    def of_windows(self, windows: Numbers) -> Floats:
        """Float32 `(w, sums, learners)`, zeros where nothing was shared."""
        places = np.array([self._place.get(int(one), -1) for one in windows], dtype=np.intp)
        found = np.zeros((len(windows), *self._sums.shape[1:]), dtype=np.float32)
        found[places >= 0] = self._sums[places[places >= 0]]
        return found

    def _add(self, rows: ClassSeconds) -> tuple[NDArray[np.bool_], set[int]]:
        """Which rows counted, and the windows of all."""
        window = rows.second // WINDOW_S
        touched, local = _numbered(window)
        places = self._places(touched, int(rows.learner.max()))
        column = rows.learner - 1
        cell = (local * WINDOW_S + rows.second % WINDOW_S) * self.learners + column
        seen = self._seen[places].ravel()
        order = np.arange(len(rows))
        first = np.zeros(len(seen), dtype=np.intp)
        first[cell[::-1]] = order[::-1]  # where a cell comes twice, its first row is written last
        counts = (first[cell] == order) & ~seen[cell]
        seen[cell] = True
        self._seen[places] = seen.reshape(len(touched), WINDOW_S, self.learners)
        target = (local * self.learners + column)[counts]
        size = len(touched) * self.learners
        for at, values in enumerate(summands(rows, self.layout)):
            added = np.bincount(target, weights=values[counts], minlength=size)
            self._sums[places, at] += added.reshape(len(touched), -1).astype(np.float32)
        return counts, set(touched.tolist())

    def _places(self, windows: Numbers, highest: int) -> NDArray[np.intp]:
        for one in windows.tolist():
            self._place.setdefault(one, len(self._place))
        kept, learners = len(self._sums), self.learners
        rows = kept if len(self._place) <= kept else max(len(self._place), 2 * kept, 64)
        columns = max(learners, -(-highest // _LEARNERS_STEP) * _LEARNERS_STEP)
        if (rows, columns) != (kept, learners):
            more = ((0, rows - kept), (0, 0), (0, columns - learners))
            self._sums, self._seen = np.pad(self._sums, more), np.pad(self._seen, more)
        return np.array([self._place[one] for one in windows.tolist()], dtype=np.intp)


def _numbered(window: Numbers) -> tuple[Numbers, Numbers]:
    """The windows that occur, ascending, and the place of each row's window among them."""
    lowest = int(window.min())
    occurs = np.bincount(window - lowest) > 0
    touched = np.flatnonzero(occurs)
    return touched + lowest, (np.cumsum(occurs) - 1)[window - lowest]
