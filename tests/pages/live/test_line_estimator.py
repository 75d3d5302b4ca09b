"""How much a visitor's connection carries, told apart from how busy this process is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aiortc import rtcrtpreceiver

from pages.parts.live import camera_link
from pages.parts.live.line_estimator import DOUBTED_FOR_S, LATE_S, LineEstimator, LoopLateness

PACKET_BYTES, EVERY_MS, PACKETS = 1000, 10, 2000
SENT_BPS = 8 * PACKET_BYTES * 1000 // EVERY_MS
TICKS_PER_MS = (1 << 18) / 1000  # of the time in packets: 24 bits, 6 of them whole seconds


class Loop:
    """A loop's clock and its timers, which run when the test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def seconds(self) -> float:
        return self.now_s

    def call_later(self, delay_s: float, work: Callable[[], None]) -> None:
        self.timers.append((self.now_s + delay_s, work))

    def run(self) -> None:
        due = [one for one in self.timers if one[0] <= self.now_s]
        self.timers = [one for one in self.timers if one[0] > self.now_s]
        for _, work in due:
            work()


def _estimate(loop: Loop, *, carried: float, stands_still_s: float = 0.0) -> int:
    """The last bitrate told, over a connection that carries this share of what is sent.

    More often than once a second the loop stands still.
    """
    estimator = LineEstimator(LoopLateness(loop.seconds, loop.call_later))
    told = 0
    for number in range(PACKETS):
        sent_ms = number * EVERY_MS
        loop.now_s = max(loop.now_s, sent_ms / carried / 1000)
        if number % 50 == 49:
            loop.now_s += stands_still_s
        loop.run()
        sent = int(sent_ms * TICKS_PER_MS) % (1 << 24)
        answer = estimator.add(round(loop.now_s * 1000), sent, PACKET_BYTES, 1)
        told = told if answer is None else answer[0]
    return told


def test_a_connection_that_carries_less_lowers_the_bitrate() -> None:
    assert 0 < _estimate(Loop(), carried=0.6) < 0.7 * SENT_BPS


def test_delays_of_a_loop_that_is_late_lower_nothing() -> None:
    assert _estimate(Loop(), carried=0.6, stands_still_s=2 * LATE_S) > 0.7 * SENT_BPS


def test_a_loop_that_keeps_up_was_never_late() -> None:
    loop = Loop()
    lateness = LoopLateness(loop.seconds, loop.call_later)
    for _ in range(500):
        loop.now_s += LATE_S / 2
        loop.run()
        assert not lateness.was_late()


@pytest.mark.parametrize("is_seen_first_by", ["packet", "timer"])
def test_a_loop_that_stood_still_is_doubted_for_a_second(is_seen_first_by: str) -> None:
    loop = Loop()
    lateness = LoopLateness(loop.seconds, loop.call_later)
    assert not lateness.was_late()
    loop.now_s += 3 * LATE_S
    if is_seen_first_by == "timer":
        loop.run()
    for _ in range(20):
        assert lateness.was_late()
        loop.now_s += DOUBTED_FOR_S / 20
        loop.run()
    loop.now_s += 0.06  # the timer may have seen it too, 0.05 s later
    loop.run()
    assert not lateness.was_late()


def test_every_stream_is_estimated_so() -> None:
    assert camera_link.line_estimator
    assert rtcrtpreceiver.RemoteBitrateEstimator is LineEstimator
