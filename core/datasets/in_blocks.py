"""Going through many pictures in parts that fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Tell = Callable[[int, int], None]
"""Hears how many of how many are done; what it raises ends the work (that is how to stop it)."""


def silent(done: int, total: int) -> None:
    """A `Tell` that nobody listens to."""


def in_blocks(total: int, *, at_once: int, tell: Tell = silent) -> Iterator[slice]:
    """Neighbouring parts of `range(total)`, each of at most `at_once`; `tell` hears of each."""
    for start in range(0, total, at_once):
        end = min(start + at_once, total)
        yield slice(start, end)
        tell(end, total)
