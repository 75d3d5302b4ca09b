"""The clocks of a stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Clocks:
    """The two clocks of a stream.

    Attributes:
        seconds: monotonic.
        now: aware, UTC.
    """

    seconds: Callable[[], float]
    now: Callable[[], datetime]
