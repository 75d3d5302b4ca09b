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


class SegmentKind(StrEnum):
    """What a stretch of a session was about."""

    QUESTION = "question"
    """A person answered a question."""
    SLIDE = "slide"
    """Something was shown."""
    TASK = "task"
    """Something was done."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a session in which something was asked, shown or done.

    Attributes:
        begins_s: seconds of the session, pauses left out.
        ends_s: likewise, not before it begins; None while it goes on.
        kind: what it was about.
        prompt: what was asked or shown; may be empty.
    """

    begins_s: float
    ends_s: float | None
    kind: SegmentKind
    prompt: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.begins_s) and self.begins_s >= 0):
            raise ValueError(f"a segment begins at 0 s or later, got {self.begins_s}")
        if self.ends_s is not None and not self.begins_s <= self.ends_s < math.inf:
            raise ValueError(f"a segment from {self.begins_s} s cannot end at {self.ends_s} s")
