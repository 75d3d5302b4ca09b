"""Time of day of moments of a session: session time leaves pauses out."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.domain import Session


def clock_times(session: Session, times_s: ArrayLike) -> NDArray[np.datetime64]:
    """UTC to the millisecond, datetime64 `(n,)`: the pauses that had ended by then are added.

    Args:
        times_s: float64 `(n,)`, seconds since the session began, without pauses.
    """
    times = np.asarray(times_s, dtype=np.float64)
    ends = np.array([time_s for time_s, _ in session.pauses])
    lengths = np.array([0.0, *(paused_s for _, paused_s in session.pauses)]).cumsum()
    seconds = times + lengths[np.searchsorted(ends, times, side="right")]
    began_at = np.datetime64(session.began_at.astimezone(UTC).replace(tzinfo=None), "us")
    moments = began_at + np.rint(seconds * 1e6).astype("timedelta64[us]")
    return np.asarray(moments.astype("datetime64[ms]"))


def clock_texts(session: Session, times_s: ArrayLike) -> NDArray[Any]:
    """The same as ISO 8601, object `(n,)`."""
    return clock_text_of(clock_times(session, times_s))


def clock_text_of(moments: NDArray[np.datetime64]) -> NDArray[Any]:
    """Moments in UTC as ISO 8601 with their offset, object `(n,)`."""
    texts = np.datetime_as_string(moments, unit="ms").astype(object)
    return np.asarray(texts + "+00:00", dtype=object)
