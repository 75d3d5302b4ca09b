"""Logs failures of a stream, where each frame may fail."""

from __future__ import annotations

import logging

_LOG_EVERY_S = 60.0

_log = logging.getLogger(__name__)


class FailureLog:
    """Logs at most one failure a minute."""

    def __init__(self) -> None:
        self._logged_s: float | None = None

    def report(self, clock_s: float, error: Exception) -> None:
        """Log an error with its traceback, unless one was logged just now."""
        if self._logged_s is None or clock_s - self._logged_s >= _LOG_EVERY_S:
            self._logged_s = clock_s
            _log.error("a frame could not be analysed", exc_info=error)
