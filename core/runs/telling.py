"""How a job says how far it is, and notices that it shall stop."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from core.domain import PartDone
from core.runs.place import JobPlace, RunCancelled

TELL_EVERY_S = 0.5


class Teller:
    """Tells the parts of a job, at most twice a second, and stops it when asked.

    Args:
        place: where the job runs.
        parts: how many there are.
    """

    def __init__(self, place: JobPlace, parts: int) -> None:
        self._place = place
        self._parts = parts
        self._told_at = -TELL_EVERY_S

    def part(self, number: int, title: str) -> Callable[[int, int], None]:
        """A listener for one part.

        Args:
            number: from 1.
            title: what is being done.
        Returns:
            Takes how many of how many are done; raises RunCancelled if somebody asked to stop.
        """
        self._tell(number, title, 0.0)

        def tell(done: int, total: int) -> None:
            if self._place.stop_requested():
                raise RunCancelled
            if monotonic() - self._told_at >= TELL_EVERY_S:
                self._tell(number, title, done / max(1, total))

        return tell

    def _tell(self, number: int, title: str, fraction: float) -> None:
        told = PartDone(number, self._parts, title, min(1.0, fraction))
        self._place.journal.append(told)
        self._told_at = monotonic()
