"""A few threads that analyse the frames of several streams, in turns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from threading import Condition, Thread

_log = logging.getLogger(__name__)

Work = Callable[[], object]


class AnalysisPool:
    """Analyses the newest frame of each stream; streams take turns.

    Nothing queues: a stream has one frame that waits, and a newer one takes its place; what comes
    while a frame of the same stream is analysed is dropped. Where there is more to do than the
    threads can, each stream is analysed at a lower rate, and no later.

    Args:
        threads: 1 or more.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._condition = Condition()
        self._waiting: dict[Hashable, Work] = {}  # in the order of their turns
        self._busy: set[Hashable] = set()
        self._started = False

    def offer(self, stream: Hashable, work: Work) -> bool:
        """Do this work at the stream's turn, unless one of it is being done.

        Returns:
            Whether no work was dropped for it, this or an earlier one.
        """
        with self._condition:
            if stream in self._busy:
                return False
            replaces = stream in self._waiting
            self._waiting[stream] = work
            self._start()
            self._condition.notify()
            return not replaces

    def _start(self) -> None:
        if self._started:
            return
        self._started = True
        for number in range(self._threads):
            name = f"analyse learners {number + 1}"
            Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting)
                stream = next(iter(self._waiting))
                work = self._waiting.pop(stream)
                self._busy.add(stream)
            try:
                work()
            # Broad on purpose: one stream's error must end none of the others.
            except Exception:  # noqa: BLE001
                _log.exception("a frame of a learner could not be analysed")
            finally:
                del work  # it holds a picture
                with self._condition:
                    self._busy.discard(stream)
