"""From rows to the figures of a class: what is new is added, and only what changed is computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.group_figures import GroupFigures, SeriesStore
from core.classroom.board.quantities import LearnerWindows, learner_windows
from core.classroom.board.shown_here import MIX, ShownHere
from core.classroom.board.sums import LONGEST_S, Layout, WindowSums, summands
from core.classroom.board.view import (
    FACING,
    INDEX,
    PART_FIGURES,
    WINDOW_S,
    Figure,
    FigureSeries,
)
from core.classroom.store.losses import Loss
from core.domain.classroom import ClassSeconds

SETTLE_S = 3
"""A window is complete so long after its end: what learners send takes a while."""

_AT_ONCE = 128  # windows: of 300 learners, some 40 MB


class ClassFigures:
    """The figures of a class.

    Args:
        shown: what may be shown.
        not_sure_below: mean top scores under it are "not sure".
    """

    def __init__(self, shown: ShownHere, *, not_sure_below: float) -> None:
        parts = INDEX in shown.smallest
        layout = Layout(FACING in shown.smallest or parts, parts, max(len(shown.labels) - 1, 0))
        self._shown, self._not_sure_below = shown, not_sure_below
        self._sums, self._groups = WindowSums(layout), GroupFigures(shown)
        self._series = SeriesStore()
        self._counts = np.zeros((2, 0), dtype=np.int64)  # measured, usable
        self._latest: list[ClassSeconds] = []  # rows of the last seconds
        self._changed: set[int] = set()
        self._lost: Mapping[int, Loss] = {}
        self.revision = 0
        """Another one wherever complete windows changed, or there are more."""

    @property
    def windows(self) -> int:
        """How many windows are complete."""
        return int(self._counts.shape[1])

    def add(self, rows: ClassSeconds) -> None:
        """Take rows; of a second and learner the first counts."""
        new, touched = self._sums.add(rows)
        self._changed |= touched
        self._latest.append(new)

    def drop(self, learners: Collection[int]) -> None:
        """Take out learners who withdrew: they are gone from every window."""
        self._changed |= self._sums.drop(learners)
        gone = np.array([*learners], dtype=np.int64)
        self._latest = [one.rows(~np.isin(one.learner, gone)) for one in self._latest]

    def lose(self, lost: Mapping[int, Loss]) -> None:
        """Take over what windows have lost, by their numbers (`losses_of`)."""
        if lost == self._lost:
            return
        self._changed |= {one for one, loss in lost.items() if self._lost.get(one) != loss}
        self._lost = lost
        self._groups.lose({(one + 1) * WINDOW_S: each for one, each in lost.items()})

    def advance(self, at_s: int, *, is_over: bool) -> None:
        """Compute the windows that are complete now, and those that changed.

        Args:
            at_s: seconds of the class.
            is_over: whether nothing more will come.
        """
        until_s = min(at_s if is_over else at_s - SETTLE_S, LONGEST_S)
        complete = max(until_s // WINDOW_S, self.windows)
        due = {one for one in self._changed if one < complete} | {*range(self.windows, complete)}
        self._changed -= due
        self.revision += bool(due)
        more = complete - self.windows
        self._counts = np.pad(self._counts, ((0, 0), (0, more)))
        ordered = np.array(sorted(due), dtype=np.int64)
        for first in range(0, len(ordered), _AT_ONCE):
            self._compute(ordered[first : first + _AT_ONCE])
        self._forget_before(at_s - WINDOW_S)

    def series(self) -> tuple[dict[str, FigureSeries], dict[str, FigureSeries]]:
        """Figures of the complete windows by name, and the shares of labels by label."""
        figures = {one: self._series.series(one, self.windows) for one in self._names()}
        mix = {one: self._series.series(one, self.windows) for one in self._shown.labels}
        return figures, mix

    def counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Learners of whom enough was measured, and usable: int64 `(w,)` each."""
        return self._counts[0].copy(), self._counts[1].copy()

    def now(self, at_s: int) -> tuple[dict[str, Figure], dict[str, Figure], LearnerWindows]:
        """Figures and shares of labels in the last ten seconds, and the learners then."""
        of = self._learners(self._last_sums(at_s))
        found = {name: one.at(0) for name, one in self._groups.now(of, at_s).items()}
        mix = {one: found.pop(one) for one in self._shown.labels}
        return found, mix, of

    def _names(self) -> Iterable[str]:
        for name in self._shown.smallest:
            if name != MIX:
                yield name
            if name == INDEX:
                yield from PART_FIGURES.values()

    def _compute(self, windows: NDArray[np.int64]) -> None:
        of = self._learners(self._sums.of_windows(windows))
        ends = ((windows + 1) * WINDOW_S).tolist()
        self._series.put(windows, self._groups.of_windows(of, ends))
        self._counts[:, windows] = (of.measured.sum(axis=1), of.usable.sum(axis=1))

    def _learners(self, sums: NDArray[np.float32]) -> LearnerWindows:
        return learner_windows(sums, self._sums.layout, not_sure_below=self._not_sure_below)

    def _last_sums(self, at_s: int) -> NDArray[np.float32]:
        """Of the last ten seconds: float32 `(1, sums, learners)`."""
        learners, layout = self._sums.learners, self._sums.layout
        sums = np.zeros((1, len(layout.names), learners), dtype=np.float32)
        for rows in self._latest:
            of_last = rows.rows((rows.second >= at_s - WINDOW_S) & (rows.second < at_s))
            for at, values in enumerate(summands(of_last, layout)):
                sums[0, at] += np.bincount(of_last.learner - 1, weights=values, minlength=learners)
        return sums

    def _forget_before(self, second: int) -> None:
        kept = (one.rows(one.second >= second) for one in self._latest)
        self._latest = [one for one in kept if len(one)]
