"""CPU and memory use of a worker, reported every few seconds from a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from types import TracebackType

import psutil

from core.domain import ResourcesUsed

EVERY_S = 5.0

_log = logging.getLogger(__name__)


class ResourceMeter:
    """Measures a process and its children between two measurements.

    Args:
        process: whose use is measured.
        clock: monotonic seconds.
    """

    def __init__(self, process: psutil.Process, *, clock: Callable[[], float]) -> None:
        self._process = process
        self._clock = clock
        self._time_s = clock()
        self._cpu_s = self._sample()[0]

    def measure(self) -> ResourcesUsed:
        """CPU use since the last measurement, and the memory held now.

        Raises:
            psutil.Error, OSError: the system does not say.
        """
        cpu_s, memory = self._sample()
        time_s = self._clock()
        # A child that was never waited for takes its seconds along: clamp to 0.
        used_s, passed_s = max(0.0, cpu_s - self._cpu_s), time_s - self._time_s
        self._cpu_s, self._time_s = cpu_s, time_s
        cores = used_s / passed_s if passed_s > 0 else 0.0
        return ResourcesUsed(round(cores, 3), round(memory / 1e6, 1))

    def _sample(self) -> tuple[float, int]:
        """Processor seconds so far, and bytes resident now; children included."""
        cpu_s, memory = _seconds(self._process), self._process.memory_info().rss
        for child in self._process.children(recursive=True):
            try:
                cpu_s += _seconds(child)
                memory += child.memory_info().rss
            except psutil.Error:  # it ended just now
                continue
        return cpu_s, memory


class ResourceReporter:
    """Reports what this process uses while a `with` block is at work; never disturbs it.

    Args:
        report: receives the figures, from another thread.
        every_s: seconds between two of them; the first comes after as long.
    """

    def __init__(
        self, report: Callable[[ResourcesUsed], None], *, every_s: float = EVERY_S
    ) -> None:
        self._report = report
        self._every_s = every_s
        self._over = Event()
        # A daemon: a process that wants to end does not wait for it.
        self._thread = Thread(target=self._work, name="resources", daemon=True)

    def __enter__(self) -> ResourceReporter:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(self._every_s)

    def _work(self) -> None:
        meter = None
        while not self._over.wait(self._every_s if meter is not None else 0.0):
            try:
                if meter is None:
                    meter = ResourceMeter(psutil.Process(), clock=monotonic)
                else:
                    self._report(meter.measure())
            except (psutil.Error, OSError, ValueError) as error:
                # The run does not need these figures; a full disk is reported by the job itself.
                _log.warning("resource use could not be reported: %s", error)
                if meter is None:
                    return


def _seconds(process: psutil.Process) -> float:
    """Of the processor, its ended children included."""
    times = process.cpu_times()
    # Only POSIX reports the time of children that ended; elsewhere it is lost.
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)
