"""Whether learners say something, by a flag, in the minutes in which a figure of the class dips."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.classroom import FlagKind
from core.domain.counted import counted
from core.domain.intervals import Interval, share_interval
from core.domain.wording import points_of

FEWEST_MINUTES = 5
"""With fewer minutes of either kind, two shares cannot be compared."""

SAYING_FLAGS = (FlagKind.LOST, FlagKind.TOO_FAST, FlagKind.AGAIN)
"""Flags that a dip is compared with."""


@dataclass(frozen=True)
class DipAgreement:
    """Minutes with and without a dip, and in how many of each somebody pressed a flag.

    Attributes:
        dip_minutes, flagged_dip_minutes: with a dip, and of them those with a flag.
        other_minutes, flagged_other_minutes: likewise without one.
        difference: share of flagged minutes with a dip minus that without, with its 95 % interval;
            None with fewer than `FEWEST_MINUTES` of either.
    """

    dip_minutes: int
    flagged_dip_minutes: int
    other_minutes: int
    flagged_other_minutes: int
    difference: Interval | None

    @property
    def sentence(self) -> str:
        """What was counted, and what follows."""
        if not self.dip_minutes:
            return "No figure dipped, so there is nothing to compare flags with."
        told = (
            f"Somebody pressed Lost, Too fast or Again in {self.flagged_dip_minutes} of "
            f"{counted(self.dip_minutes, 'minute')} with a dip, and in "
            f"{self.flagged_other_minutes} of {counted(self.other_minutes, 'minute')} without"
        )
        if self.difference is None:
            return f"{told}: too few to say whether dips and flags go together."
        words = f"{told} ({points_of(self.difference, '+.0f')})"
        if self.difference.low > 0:
            return f"{words}: in this lesson they went together, which tells no cause."
        if self.difference.high < 0:
            return f"{words}: in this lesson flags came rather without a dip."
        return f"{words}: this may be chance."


def dip_agreement(dips: NDArray[np.bool_], flagged: NDArray[np.bool_]) -> DipAgreement:
    """How far dips and flags agree, minute by minute.

    The interval of the difference is that of Newcombe (1998), method 10, from the two intervals of
    the shares (doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I). Minutes that
    follow one another are alike, so it is rather too narrow.

    Args:
        dips: bool `(m,)`, of minutes in which something was shown: whether a figure dipped.
        flagged: bool `(m,)`, whether somebody pressed one of `SAYING_FLAGS`.
    """
    with_dip, without = flagged[dips], flagged[~dips]
    return DipAgreement(
        len(with_dip),
        int(with_dip.sum()),
        len(without),
        int(without.sum()),
        _difference(with_dip, without),
    )


def _difference(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> Interval | None:
    if min(len(one), len(other)) < FEWEST_MINUTES:
        return None
    first = share_interval(int(one.sum()), len(one))
    second = share_interval(int(other.sum()), len(other))
    change = first.value - second.value
    low = change - math.hypot(first.value - first.low, second.high - second.value)
    high = change + math.hypot(first.high - first.value, second.value - second.low)
    return Interval(change, low, high)
