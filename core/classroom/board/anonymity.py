"""Which figures of a group may be shown, so that none tells of one learner.

A figure covers at least the smallest group. From two figures whose groups differ by exactly one
learner, the value of this one could be computed (differencing). So neither do two figures of one
window ever differ so, as when a learner withdraws or rows come late, nor do two shown windows that
follow one another within a minute.

A group is a set of learners as the bits of an integer.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.view import Withheld
from core.domain.classroom import MAX_LEARNERS

APART_S = 60
"""Windows so far apart are of another time: their groups may differ by one."""


def group_of(members: NDArray[np.bool_]) -> int:
    """The bits of a group: learner i is bit i.

    Args:
        members: bool `(l,)`.
    """
    return int.from_bytes(np.packbits(members, bitorder="little").tobytes(), "little")


def members_of(group: int, learners: int) -> NDArray[np.bool_]:
    """The reverse of `group_of`: bool `(learners,)`."""
    packed = np.frombuffer(group.to_bytes(learners // 8 + 1, "little"), dtype=np.uint8)
    return np.unpackbits(packed, bitorder="little")[:learners].astype(np.bool_)


def differ_by_one(one: int, other: int) -> bool:
    """Whether exactly one learner is in one of the groups only."""
    return (one ^ other).bit_count() == 1


def group_to_show(
    group: int, *, smallest: int, earlier: Collection[int], near: Collection[int]
) -> tuple[int, Withheld | None]:
    """Of whom a figure may be shown: of this group, or of it without whose rows came late.

    Args:
        group: learners that the figure could be of.
        smallest: the least learners of a group.
        earlier: groups of which a figure of the same window was shown before.
        near: those of the shown windows before and after it, within `APART_S`.
    Returns:
        The group, and why there is no figure; None where there is one.
    """
    if group == 0:
        return group, Withheld.NOT_MEASURED
    if group.bit_count() < smallest:
        return group, Withheld.TOO_FEW
    known = (*earlier, *near)
    for one in (group, *(group & other for other in earlier)):
        if one.bit_count() >= smallest and not any(differ_by_one(one, each) for each in known):
            return one, None
    left = any(differ_by_one(group, one) and group & one == group for one in earlier)
    return group, Withheld.ONE_LEFT if left else Withheld.ONE_CHANGED


class ShownGroups:
    """The groups of one figure that were shown, window by window.

    Args:
        smallest: the least learners of a group; with 1, everything may be shown.
    """

    def __init__(self, smallest: int) -> None:
        self._smallest = smallest
        self.lost: Mapping[int, int] = {}
        """End of a window -> learners of it who withdrew. With an odd number nothing is shown:
        so figures of it that any server shows at any time differ by two learners or more."""
        self._earlier: dict[int, list[int]] = {}
        self._ends: list[int] = []  # of windows that were shown, ascending
        self._newest: tuple[int, int] | None = None  # of the running window: end, group
        self._rests: dict[int, int] = {}  # end of a window that lost one -> those who are left

    def in_window(self, end_s: int, group: int) -> tuple[int, Withheld | None]:
        """As `group_to_show`, for a window of the series; what may be shown counts as shown.

        Args:
            end_s: of the window, seconds of the class.
            group: of whom the figure could be.
        """
        if self._smallest <= 1:
            return group, None if group else Withheld.NOT_MEASURED
        chosen, why = group_to_show(
            group,
            smallest=self._smallest,
            earlier=self._earlier.get(end_s, ()),
            near=self._near(end_s),
        )
        if self.lost.get(end_s, 0) % 2:
            self._rests[end_s] = group
            if why in (None, Withheld.ONE_CHANGED):
                why = Withheld.ONE_LEFT
        if why is None:
            at = bisect_left(self._ends, end_s)
            if at == len(self._ends) or self._ends[at] != end_s:
                insort(self._ends, end_s)
            self._note(end_s, chosen)
        return chosen, why

    def now(self, end_s: int, group: int) -> tuple[int, Withheld | None]:
        """Likewise, for the window that moves on with the time."""
        if self._smallest <= 1:
            return group, None if group else Withheld.NOT_MEASURED
        last = self._newest
        moving = () if last is None or end_s - last[0] >= APART_S else (last[1],)
        chosen, why = group_to_show(
            group,
            smallest=self._smallest,
            earlier=self._earlier.get(end_s, ()),
            near=(*moving, *self._near(end_s)),  # of these, another server may have shown some
        )
        if why is None:
            self._newest = end_s, chosen
            self._note(end_s, chosen)
        return chosen, why

    def _note(self, end_s: int, group: int) -> None:
        earlier = self._earlier.setdefault(end_s, [])
        if group in earlier:
            earlier.remove(group)
        earlier.append(group)

    def _near(self, end_s: int) -> tuple[int, ...]:
        """Groups, as shown last, of the shown windows before and after one; and of those before
        that lost one learner, as they may have been shown with this one.
        """
        at = bisect_left(self._ends, end_s)
        after = at + 1 if at < len(self._ends) and self._ends[at] == end_s else at
        around = (*self._ends[max(at - 1, 0) : at], *self._ends[after : after + 1])
        with_lost = (
            self._rests[one] | 1 << MAX_LEARNERS
            for one in range(end_s - APART_S + 1, end_s)
            if one in self._rests and self.lost.get(one, 0) % 2
        )
        shown = (self._earlier[one][-1] for one in around if abs(end_s - one) < APART_S)
        return (*shown, *with_lost)
