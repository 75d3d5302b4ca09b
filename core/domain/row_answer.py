"""What a browser is told about a message with rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_MESSAGE_BYTES = 65_536
"""The largest message: no more of one is read."""


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
class RowAnswer:
    """What a browser is told about a message.

    Attributes:
        kind: of the answer.
        sentence: for a person; empty where the message was taken.
        next_number: of the message that is expected next; None where that says nothing.
        retry_after_s: when to send it again; 0 where that says nothing.
    """

    kind: AnswerKind
    sentence: str = ""
    next_number: int | None = None
    retry_after_s: float = 0.0
