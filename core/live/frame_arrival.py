"""A frame that has arrived, before it is analysed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FrameArrival:
    """A frame that is about to be analysed.

    Attributes:
        time_s: session time.
        index: of the frame, skipped ones included.
        clock_s: when it arrived, monotonic.
        delay_s: compared with the fastest frame.
        paused_s: length of the pause before it; 0 without one.
    """

    time_s: float
    index: int
    clock_s: float
    delay_s: float
    paused_s: float
