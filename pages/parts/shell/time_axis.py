"""Times of a session on the axis of a figure: as a clock, which stays readable at every zoom."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

_HOUR_S = 3600
_SECOND_MS = 1000


def clock_times(time_s: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Seconds since the session began as times of day from midnight."""
    return np.datetime64(0, "ms") + np.round(time_s * 1000).astype("timedelta64[ms]")


def set_clock_axis(figure: go.Figure, *, last_s: float) -> None:
    """Label the horizontal axis, whose values are `clock_times`, by minutes or hours.

    Args:
        last_s: the latest time on it.
    """
    clock = "%-H:%M:%S" if last_s >= _HOUR_S else "%-M:%S"
    # Otherwise neighbouring ticks of a short or zoomed session would have the same text.
    stops = [
        {"dtickrange": [None, _SECOND_MS - 1], "value": f"{clock}.%1f"},
        {"dtickrange": [_SECOND_MS, None], "value": clock},
    ]
    figure.update_xaxes(tickformat=clock, tickformatstops=stops, hoverformat=clock, zeroline=False)
