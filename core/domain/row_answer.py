"""What a browser is told about a message with rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.domain.frame import Box

MAX_MESSAGE_BYTES = 65_536
"""The largest message: no more of one is read."""

MAX_LEVEL_BYTES = 16_384
"""The same of a message with levels: a minute of them has less."""


class AnswerKind(StrEnum):
    """The kinds of answers; `core.web` has a status for each."""

    STORED = "stored"
    """The message was taken, now or before."""
    NO_TOKEN = "no_token"
    """There is no token, its signature is wrong, or it has expired."""
    OTHER_NUMBER = "other_number"
    """A message with another number is expected."""
    OVER = "over"
    """The session is over, or another tab writes it."""
    TOO_LARGE = "too_large"
    """More bytes than a message may have."""
    INVALID = "invalid"
    """It is no message, or a number in it cannot be."""
    TOO_SLOW = "too_slow"
    """It did not arrive in time."""
    TOO_FAST = "too_fast"
    """More messages or rows than a camera gives."""
    NOT_NOW = "not_now"
    """The server cannot take it now."""


@dataclass(frozen=True)
class NumberedFace:
    """What the session knows of a face.

    Attributes:
        number: of the face, as in meters and files.
        box: as it was sent.
        scores: smoothed, in the order of the labels that are shown; empty where there are none.
    """

    number: int
    box: Box
    scores: tuple[float, ...] = ()


@dataclass(frozen=True)
class NumberedRow:
    """What the session knows of the last row of a message.

    Attributes:
        time_s: of the row, as it was sent.
        faces: those that have a number.
    """

    time_s: float
    faces: tuple[NumberedFace, ...]


@dataclass(frozen=True)
class LearnerSecond:
    """What a class has of a learner's newest second; see `core.domain.classroom.ClassSeconds`. None
    where it is not shared, or not known.

    Attributes:
        second: of the class.
        measured, usable, present, facing, eyes_open, expression: shares, in [0, 1].
        scores: in the order of the class' labels; empty where there are none.
    """

    second: int
    measured: float
    usable: float
    present: float
    facing: float | None = None
    eyes_open: float | None = None
    expression: float | None = None
    scores: tuple[float, ...] = ()


@dataclass(frozen=True)
class RowAnswer:
    """What a browser is told about a message.

    Attributes:
        kind: of the answer.
        sentence: for a person; empty where the message was taken.
        next_number: of the message that is expected next; None where that says nothing.
        retry_after_s: when to send it again; 0 where that says nothing.
        row: the message's last row, where it was recorded.
        second: the newest of a learner in a class, complete and on its way into the database.
    """

    kind: AnswerKind
    sentence: str = ""
    next_number: int | None = None
    retry_after_s: float = 0.0
    row: NumberedRow | None = None
    second: LearnerSecond | None = None
