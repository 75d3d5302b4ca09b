"""Everything that one person practised, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.practice import Attempt, AttemptOutcome, Practice
from core.practice.example import is_example
from core.practice.store.attempts import attempts_of
from core.practice.store.practices import practices
from core.sessions import SessionStore

MOST_EARLIER = 30
"""Earlier answers that one is compared with: the last ones, and few enough to be measured soon."""


@dataclass(frozen=True)
class PracticeTries:
    """A practice with its tries.

    Attributes:
        practice: as it stands.
        attempts: at its questions, in the order in which they began.
    """

    practice: Practice
    attempts: tuple[Attempt, ...]


def history_of(store: SessionStore, person: str) -> tuple[PracticeTries, ...]:
    """The practices of a person, newest first.

    Raises:
        StoreError: the database cannot be read.
    """
    return tuple(
        PracticeTries(one, attempts_of(store, one.id)) for one in practices(store, person=person)
    )


def earlier_answers(history: Sequence[PracticeTries], attempt: Attempt) -> tuple[Attempt, ...]:
    """The last `MOST_EARLIER` answers that began before this one, in time order."""
    earlier = [one for one in answered(history) if one.began_at < attempt.began_at]
    return tuple(earlier[-MOST_EARLIER:])


def answered(history: Sequence[PracticeTries]) -> tuple[Attempt, ...]:
    """Every answer of a person in time order; nobody gave those of an example."""
    found = [
        one
        for practised in history
        if not is_example(practised.practice)
        for one in practised.attempts
        if one.outcome is AttemptOutcome.ANSWERED
    ]
    return tuple(sorted(found, key=lambda one: one.began_at))
