"""How often a learner may press a flag: a flag is a word, not a drum."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from core.domain.classroom import FlagKind

ANY_AFTER_S = 2.0
"""Between two flags of a learner."""

SAME_AFTER_S = 15.0
"""Between two of one kind: within it, the second says nothing that the first did not."""

_LEARNERS = 10_000  # some hundred bytes each


class FlagLimit:
    """Limits flags, each learner's for itself, in all tabs of a server. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pressed_s: OrderedDict[str, dict[FlagKind, float]] = OrderedDict()

    def wait_s(self, learner_id: str, kind: FlagKind, clock_s: float) -> float:
        """Seconds to wait until this flag may be sent.

        Args:
            clock_s: now, monotonic.
        Returns:
            0 where it may be sent now; then it counts as sent.
        """
        with self._lock:
            pressed_s = self._pressed_s.setdefault(learner_id, {})
            self._pressed_s.move_to_end(learner_id)
            if len(self._pressed_s) > _LEARNERS:
                self._pressed_s.popitem(last=False)
            waits_s = [one + ANY_AFTER_S - clock_s for one in pressed_s.values()]
            if kind in pressed_s:
                waits_s.append(pressed_s[kind] + SAME_AFTER_S - clock_s)
            wait_s = max(waits_s, default=0.0)
            if wait_s > 0:
                return wait_s
            pressed_s[kind] = clock_s
            return 0.0

    def take_back(self, learner_id: str, kind: FlagKind) -> None:
        """Not count a flag as sent after all: the database refused it."""
        with self._lock:
            self._pressed_s.get(learner_id, {}).pop(kind, None)
