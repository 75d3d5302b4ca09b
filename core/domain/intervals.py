"""An estimate with its 95 % confidence interval, and the interval of a share."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959963984540054  # two-sided 95 % point of the normal distribution

SHARE_METHOD = "Wilson"
"""The method of `share_interval`, as texts name it."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % confidence interval, all as fractions.

    Attributes:
        value: the estimate.
        low, high: the interval's ends.
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} lies outside its interval [{self.low}, {self.high}]")

    def overlaps(self, other: Interval) -> bool:
        """Whether the two intervals share a value: then the difference may be chance."""
        return self.low <= other.high and other.low <= self.high


def share_interval(hits: int, of: int) -> Interval:
    """A share with its 95 % interval (Wilson 1927), which is accurate near 0 and 1 too.

    Raises:
        ValueError: nothing was counted.
    """
    if of <= 0:
        raise ValueError("a share of nothing has no interval")
    share, z2 = hits / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # Rounding may put 0 or 1 slightly outside their own interval.
    return Interval(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))
