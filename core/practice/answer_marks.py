"""Marks that a person set while they answered."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.domain import EventKind
from core.domain.errors import UnknownSession
from core.domain.practice import Attempt, AttemptPart
from core.sessions import SessionStore, events_of


@dataclass(frozen=True)
class AnswerMark:
    """A mark.

    Attributes:
        time_s: second of the answer.
        words: a person's text, or the text shown on screen.
    """

    time_s: float
    words: str


def marks_of(store: SessionStore, attempt: Attempt) -> tuple[AnswerMark, ...]:
    """The marks of an answer, in time order; those of a deleted session are gone.

    Raises:
        StoreError: the database cannot be read.
    """
    found = [mark for part in attempt.parts for mark in _marks_in(store, part)]
    return tuple(sorted(found, key=lambda one: one.time_s))


def _marks_in(store: SessionStore, part: AttemptPart) -> list[AnswerMark]:
    ends_s = math.inf if part.ends_s is None else part.ends_s
    try:
        events = events_of(store, part.session_id)
    except UnknownSession:
        return []
    return [
        AnswerMark(round(one.time_s - part.begins_s + part.offset_s, 6), one.words)
        for one in events
        if one.kind is EventKind.MARK and part.begins_s <= one.time_s < ends_s
    ]
