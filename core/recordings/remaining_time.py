"""Remaining time of an analysis of recordings, by its speed so far."""

from __future__ import annotations

from datetime import datetime

from core.domain import Run

_MIN_FRACTION = 0.02
"""Before this fraction, loading the model is most of the time."""


def remaining_s(run: Run, *, now: datetime) -> float | None:
    """Seconds until it is done; None while that is unknown.

    Args:
        now: aware.
    """
    fraction = run.progress.fraction
    if run.started_at is None or fraction < _MIN_FRACTION:
        return None
    spent_s = max(0.0, (now - run.started_at).total_seconds())
    return spent_s * (1 - fraction) / fraction
