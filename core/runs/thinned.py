"""A long series with a bounded number of points, for charts that are drawn every two seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

MOST_POINTS = 600
"""As many as a chart of usual width can show apart."""

Point = TypeVar("Point")


class Thinned(Generic[Point]):
    """Keeps the first, then every n-th, and the newest; n doubles whenever there are too many.

    Points are kept as they were told, never averaged. Which are kept depends only on what was
    added, not on when anybody looked; the rest is not even read.

    Args:
        read: makes a point of a line; None where it cannot.
        most: points, at least 2.
    """

    def __init__(self, read: Callable[[bytes], Point | None], *, most: int = MOST_POINTS) -> None:
        self._read = read
        self._most = most
        self._every = 1
        self._count = 0
        self._kept: list[Point | None] = []
        self._newest = b""

    def extend(self, lines: Sequence[bytes]) -> None:
        """Take the next lines of the series; those that are not kept cost nothing."""
        at = -self._count % self._every
        while at < len(lines):
            self._kept.append(self._read(lines[at]))
            if len(self._kept) >= self._most:
                del self._kept[1::2]
                self._every *= 2
            # To the next one that is a multiple away from the very first.
            at += self._every - (self._count + at) % self._every
        if lines:
            self._newest = lines[-1]
            self._count += len(lines)

    def points(self) -> list[Point]:
        """What is kept, in order."""
        kept = list(self._kept)
        if self._count and (self._count - 1) % self._every:
            kept.append(self._read(self._newest))
        return [point for point in kept if point is not None]
