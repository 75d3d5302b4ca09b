"""Something that is done about once a second, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition, Thread

_log = logging.getLogger(__name__)


class EverySecond:
    """Calls a function again and again while there is something to do. Thread-safe.

    Args:
        work: does it; returns whether there is more. What it raises is logged, and it is called
            again.
        name: of the thread.
        every_s: until the first call, and from the end of one to the next.
    """

    def __init__(self, work: Callable[[], bool], *, name: str, every_s: float = 1.0) -> None:
        self._work = work
        self._name = name
        self._every_s = every_s
        self._condition = Condition()
        self._runs = False
        self._is_wanted = self._is_urgent = False

    def begin(self) -> None:
        """There is something to do, within `every_s`."""
        with self._condition:
            self._begin()

    def soon(self) -> None:
        """There is something to do at once."""
        with self._condition:
            self._is_urgent = True
            self._begin()
            self._condition.notify()

    def _begin(self) -> None:
        self._is_wanted = True
        if not self._runs:
            self._runs = True
            try:
                Thread(target=self._run, name=self._name, daemon=True).start()
            except RuntimeError as error:  # there are too many, or the program is ending
                self._runs = False  # the next call tries again
                _log.warning("%s cannot begin", self._name, exc_info=error)

    def _run(self) -> None:
        has_more = False
        while True:
            with self._condition:
                if not (has_more or self._is_wanted):
                    self._runs = False
                    return
                self._condition.wait_for(lambda: self._is_urgent, self._every_s)
                self._is_wanted = self._is_urgent = False
            has_more = self._worked()

    def _worked(self) -> bool:
        try:
            return self._work()
        # Broad on purpose: whatever it is, what comes later must not stay undone for ever.
        except Exception as error:  # noqa: BLE001
            _log.error("%s failed, and is tried again", self._name, exc_info=error)
            return True
