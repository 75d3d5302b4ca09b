"""The figures of groups, window by window, each only of whom it may be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.anonymity import ShownGroups, group_of, members_of
from core.classroom.board.quantities import (
    LearnerWindows,
    Quantity,
    figures_of,
    label_quantities,
    quantities,
)
from core.classroom.board.shown_here import MIX, ShownHere
from core.classroom.board.view import INDEX, PART_FIGURES, PRESENT, FigureSeries, Withheld
from core.classroom.store.losses import Loss

Whys = tuple[Withheld | None, ...]
Choose = Callable[[ShownGroups, int, int], tuple[int, Withheld | None]]


class GroupFigures:
    """Makes the figures of a class, and remembers of whom they were shown.

    Args:
        shown: what may be shown.
    """

    def __init__(self, shown: ShownHere) -> None:
        self._shown = shown
        self._groups = {name: ShownGroups(least) for name, least in shown.smallest.items()}

    def lose(self, lost: Mapping[int, Loss]) -> None:
        """Take over how many learners who withdrew windows have lost, by the ends of these."""
        for name, groups in self._groups.items():
            groups.lost = {
                end_s: one.measured if name == PRESENT else one.usable
                for end_s, one in lost.items()
            }

    def of_windows(self, of: LearnerWindows, end_s: Sequence[int]) -> dict[str, FigureSeries]:
        """The figures of windows of the series, by name; those of labels by label.

        Args:
            of: learners in these windows.
            end_s: of each window, ascending.
        """
        return self._figures(of, end_s, ShownGroups.in_window)

    def now(self, of: LearnerWindows, end_s: int) -> dict[str, FigureSeries]:
        """Likewise of the one window that moves on with the time."""
        return self._figures(of, [end_s], ShownGroups.now)

    def _figures(
        self, of: LearnerWindows, end_s: Sequence[int], choose: Choose
    ) -> dict[str, FigureSeries]:
        found: dict[str, FigureSeries] = {}
        found_of = quantities(of, (*self._groups,))
        for name in self._groups:
            together = self._together(name, of, found_of)
            members, whys = _chosen(
                next(iter(together.values())).members, end_s, self._groups[name], choose
            )
            found |= {one: _series(each, members, whys) for one, each in together.items()}
        return found

    def _together(
        self, name: str, of: LearnerWindows, found: Mapping[str, Quantity]
    ) -> Mapping[str, Quantity]:
        """The quantities that have the group of one figure."""
        if name == MIX:
            return label_quantities(of, self._shown.labels)
        names = (name, *(PART_FIGURES.values() if name == INDEX else ()))
        return {one: found[one] for one in names}


def _chosen(
    members: NDArray[np.bool_], end_s: Sequence[int], groups: ShownGroups, choose: Choose
) -> tuple[NDArray[np.bool_], Whys]:
    """Of whom each window is shown, and why it is not."""
    members = members.copy()
    whys: list[Withheld | None] = []
    for at, end in enumerate(end_s):
        group = group_of(members[at])
        chosen, why = choose(groups, end, group)
        whys.append(why)
        if chosen != group:
            members[at] = members_of(chosen, members.shape[1])
    return members, tuple(whys)


def _series(quantity: Quantity, members: NDArray[np.bool_], whys: Whys) -> FigureSeries:
    hidden = np.array([why is not None for why in whys], dtype=np.bool_)
    value, low, high = (np.where(hidden, np.nan, one) for one in figures_of(quantity, members))
    return FigureSeries(members.sum(axis=1), value, low, high, whys)


class SeriesStore:
    """Figures of all windows from 0 on; where nothing was put they are not measured."""

    def __init__(self) -> None:
        self._numbers: dict[str, NDArray[np.float64]] = {}  # (4, room): n, value, low, high
        self._whys: dict[str, list[Withheld | None]] = {}

    def put(self, windows: NDArray[np.int64], figures: Mapping[str, FigureSeries]) -> None:
        """Keep figures of some windows, in place of those that were there."""
        if not len(windows):
            return
        for name, one in figures.items():
            numbers, whys = self._with_room(name, int(windows.max()) + 1)
            numbers[:, windows] = (one.n, one.value, one.low, one.high)
            for window, why in zip(windows.tolist(), one.withheld, strict=True):
                whys[window] = why

    def series(self, name: str, windows: int) -> FigureSeries:
        """One figure in the first windows."""
        numbers, whys = self._with_room(name, windows)
        n, value, low, high = numbers[:, :windows].copy()
        return FigureSeries(n.astype(np.int64), value, low, high, tuple(whys[:windows]))

    def _with_room(
        self, name: str, windows: int
    ) -> tuple[NDArray[np.float64], list[Withheld | None]]:
        numbers = self._numbers.setdefault(name, np.zeros((4, 0)))
        whys = self._whys.setdefault(name, [])
        more = windows - len(whys)
        if more > 0:
            more = max(more, len(whys), 64)
            empty = np.full((4, more), np.nan)
            empty[0] = 0.0
            self._numbers[name] = numbers = np.concatenate([numbers, empty], axis=1)
            whys.extend([Withheld.NOT_MEASURED] * more)
        return numbers, whys
