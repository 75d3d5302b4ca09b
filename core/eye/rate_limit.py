"""Limits what one session may send, by the second."""

from __future__ import annotations


class RateLimit:
    """A token bucket: so many a second on average, and a burst.

    Args:
        per_second: on average.
        burst: at once, after a rest.
    """

    def __init__(self, *, per_second: float, burst: float) -> None:
        if per_second <= 0 or burst <= 0:
            raise ValueError(f"a limit is positive, got {per_second} a second and {burst}")
        self._per_second = per_second
        self._burst = burst
        self._left = burst
        self._at_s: float | None = None

    def wait_s(self, amount: float, clock_s: float) -> float:
        """Seconds until so many are allowed; 0: now. Nothing is taken."""
        if self._at_s is not None:
            passed_s = max(0.0, clock_s - self._at_s)
            self._left = min(self._burst, self._left + passed_s * self._per_second)
        self._at_s = clock_s
        return max(0.0, (min(amount, self._burst) - self._left) / self._per_second)

    def take(self, amount: float) -> None:
        """Count so many, after `wait_s` said 0."""
        self._left -= amount
