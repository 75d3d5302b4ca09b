"""Events of a session, and segments of it, such as a question that was answered."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kind of an event."""

    MARK = "mark"
    """A person set it, with a text."""
    RESUMED = "resumed"
    """A pause ended."""


@dataclass(frozen=True)
class Event:
    """Something that happened at a time, which need not be that of a frame.

    Attributes:
        time_s: seconds since the session began, pauses excluded.
        kind: of the event.
        words: a person's text, or the text shown on screen; not empty.
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
    """What a segment of a session is about."""

    QUESTION = "question"
    """A person answered a question."""
    SLIDE = "slide"
    """Something was shown."""
    TASK = "task"
    """Something was done."""


@dataclass(frozen=True)
class Segment:
    """A part of a session in which something was asked, shown or done.

    Attributes:
        begins_s: seconds since the session began, pauses excluded.
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
