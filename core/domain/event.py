"""What happened in a session at one moment, and stretches of it in which something was asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What kind of event it is."""

    MARK = "mark"
    """Somebody set it, with words of their own."""
    RESUMED = "resumed"
    """A pause ended."""


@dataclass(frozen=True)
class Event:
    """Something that happened at its own moment, which need not be that of a frame.

    Attributes:
        time_s: seconds of the session, pauses left out.
        kind: what kind it is.
        words: what a person wrote, or what is said of it on screen; not empty.
    """

    time_s: float
    kind: EventKind
    words: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.time_s) and self.time_s >= 0):
            raise ValueError(f"an event lies at 0 s or later, got {self.time_s}")
        if not self.words:
            raise ValueError("an event has words")
