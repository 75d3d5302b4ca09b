"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Called with how many of how many are done; may raise to stop the work."""


def no_progress(done: int, total: int) -> None:
    """A `ProgressCallback` that does nothing."""
