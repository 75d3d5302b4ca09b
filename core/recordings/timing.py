"""How long a run over recordings will still take, by its own pace."""

from __future__ import annotations

from datetime import datetime

from core.domain import Run

_LEAST_SHARE = 0.02
"""Before so much was read, loading the model is most of the time, and says nothing."""


def left_s(run: Run, *, now: datetime) -> float | None:
    """Seconds until it is done; None while that cannot be told.

    Args:
        now: aware.
    """
    share = run.progress.fraction
    if run.started_at is None or share < _LEAST_SHARE:
        return None
    spent_s = max(0.0, (now - run.started_at).total_seconds())
    return spent_s * (1 - share) / share
