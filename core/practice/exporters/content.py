"""Everything that a person takes home of a practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.practice import AttemptOutcome, Practice
from core.practice.example import is_example
from core.practice.measured_answer import MeasuredAnswer, figures_of_attempt, measured_answer
from core.practice.person_history import earlier_answers, history_of
from core.practice.store.attempts import attempts_of
from core.sessions import SessionStore


@dataclass(frozen=True, eq=False)
class PracticeContent:
    """A practice with its tries.

    Attributes:
        practice: with its questions.
        answers: every try that is over, by question and number.
        made_at: aware, UTC.
    """

    practice: Practice
    answers: tuple[MeasuredAnswer, ...]
    made_at: datetime

    @property
    def is_example(self) -> bool:
        """Whether a program made it, and nobody practised."""
        return is_example(self.practice)

    def question_of(self, answer: MeasuredAnswer) -> str:
        """The question of a try."""
        return self.practice.questions[answer.attempt.question_index].text


def practice_content(
    store: SessionStore, practice: Practice, *, made_at: datetime
) -> PracticeContent:
    """Measure every try of a practice.

    Raises:
        StoreError: the database cannot be read.
        UnknownPractice: it was deleted.
    """
    history = history_of(store, practice.person)
    over = [one for one in attempts_of(store, practice.id) if one.outcome is not None]
    over.sort(key=lambda one: (one.question_index, one.number))
    known = {}
    for attempt in over:
        for one in earlier_answers(history, attempt):
            if one.id not in known:
                known[one.id] = figures_of_attempt(store, one)
    return PracticeContent(
        practice,
        tuple(
            measured_answer(
                store, attempt, [known[one.id] for one in earlier_answers(history, attempt)]
            )
            for attempt in over
        ),
        made_at,
    )


def is_shown(answer: MeasuredAnswer) -> bool:
    """Whether the person has looked at what was measured: before, no file tells it either."""
    attempt = answer.attempt
    return attempt.outcome is AttemptOutcome.ANSWERED and attempt.revealed_at is not None
