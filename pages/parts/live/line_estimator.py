"""How much the visitor's connection carries, estimated while this process may be busy.

aiortc tells the browser to send less where packets come later and later. It takes their time when
its event loop gets to them, so that a busy server looks like a slow connection: streams were seen
to fall to 30 kbit/s on a connection without any loss.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf

from aiortc import rate, rtcrtpreceiver

LATE_S = 0.1
"""A loop is late by more than this. Shorter delays the estimate takes for noise by itself."""

DOUBTED_FOR_S = 1.0
"""For so long after it was late nothing is concluded from delays."""

_LOOKS_EVERY_S = 0.05


class LoopLateness:
    """Whether the running event loop was late, as far as it was looked at.

    Args:
        seconds: the loop's clock.
        call_later: calls a function in so many seconds, as the loop does.
    """

    def __init__(
        self,
        seconds: Callable[[], float],
        call_later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self._seconds = seconds
        self._call_later = call_later
        self._due_s: float | None = None
        self._late_s = -inf

    def was_late(self) -> bool:
        """Whether it was within the last second; looks again in a moment."""
        self._note()
        if self._due_s is None:
            self._due_s = self._seconds() + _LOOKS_EVERY_S
            self._call_later(_LOOKS_EVERY_S, self._look)
        return self._seconds() - self._late_s < DOUBTED_FOR_S

    def _look(self) -> None:
        self._note()
        self._due_s = None

    def _note(self) -> None:
        now_s = self._seconds()
        if self._due_s is not None and now_s - self._due_s > LATE_S:
            self._late_s = now_s


class LineEstimator(rate.RemoteBitrateEstimator):
    """aiortc's estimate, which delays do not lower while they may be this process's own.

    Then losses alone, which the browser learns of, make it send less.

    Args:
        lateness: of the loop; None watches the one that packets are registered in.
    """

    def __init__(self, lateness: LoopLateness | None = None) -> None:
        super().__init__()
        self._lateness = lateness

    def add(
        self, arrival_time_ms: int, abs_send_time: int, payload_size: int, ssrc: int
    ) -> tuple[int, list[int]] | None:
        """Register a packet; returns a bitrate to be told to the browser, and of which streams."""
        if self._lateness is None:
            loop = asyncio.get_running_loop()
            self._lateness = LoopLateness(loop.time, loop.call_later)
        if self._lateness.was_late():
            fresh = rate.RemoteBitrateEstimator()
            self.inter_arrival = fresh.inter_arrival
            self.estimator, self.detector = fresh.estimator, fresh.detector
        estimate: tuple[int, list[int]] | None = super().add(
            arrival_time_ms, abs_send_time, payload_size, ssrc
        )
        return estimate


def install() -> None:
    """Let every stream that is opened from now on estimate so."""
    rtcrtpreceiver.RemoteBitrateEstimator = LineEstimator  # type: ignore[attr-defined]
