"""A made practice, to show what a practice looks like without a camera."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from core.domain import AnalysisSite, Event, EventKind, new_id
from core.domain.practice import Attempt, AttemptOutcome, AttemptPart, Practice, SelfReport
from core.domain.question_set import Question
from core.practice.store.attempts import begin_attempt
from core.practice.store.practices import begin_practice, end_practice
from core.practice.store.reports import reveal, save_report
from core.sessions import SessionStore, demo_calibration, demo_session

_MARK_AT_S = 24.0
EXAMPLE_SET = "Example (synthetic)"
_SUFFIX = "-example"
_QUESTIONS = (
    Question("What was the hardest part of your last project?", "One problem, and what you did."),
    Question("Why this position?", "One reason, and an example."),
    Question("What would you do differently?", "One change, and why."),
)
# Question, try, part of the session, own report (calm, satisfied, words); the third is skipped.
_TRIES = (
    (0, 1, (0.0, 44.0), (4, 4, "Lost the thread in the middle.")),
    (0, 2, (45.0, 89.0), (6, 7, "Better: I began with the example.")),
)


def is_example(practice: Practice) -> bool:
    """Whether a practice is made, and nobody practised."""
    return practice.id.endswith(_SUFFIX)


def add_example(
    store: SessionStore, person: str, *, now: datetime, rng: np.random.Generator
) -> Practice:
    """Store a made practice, of a person who looks back on it: three questions, one tried twice,
    one waiting for their own report, one skipped.

    Raises:
        StoreError: the database refuses.
    """
    began_at = now - timedelta(minutes=6)
    practice = Practice(
        id=f"{new_id(began_at, rng)}{_SUFFIX}",
        person=person,
        set_name=EXAMPLE_SET,
        language="en",
        questions=_QUESTIONS,
        think_s=20.0,
        answer_s=60.0,
        site=AnalysisSite.BROWSER,
        with_sound=False,
        began_at=began_at,
    )
    sessions = [_record(store, began_at + timedelta(minutes=at), rng) for at in (0, 3)]
    begin_practice(store, practice)
    for index, number, (begins_s, ends_s), (calm, satisfied, words) in _TRIES:
        attempt = _attempt(practice, index, number, AttemptPart(sessions[0], 0.0, begins_s, ends_s))
        begin_attempt(store, attempt)
        given_at = began_at + timedelta(seconds=ends_s)
        save_report(store, attempt.id, SelfReport(calm, satisfied, words, given_at))
        reveal(store, attempt.id, at=given_at)
    begin_attempt(store, _attempt(practice, 1, 1, AttemptPart(sessions[1], 0.0, 0.0, 60.0)))
    begin_attempt(store, _attempt(practice, 2, 1, None))
    end_practice(store, practice.id, ended_at=now)
    return practice


def _attempt(practice: Practice, index: int, number: int, part: AttemptPart | None) -> Attempt:
    return Attempt(
        id=f"{practice.id}-{index + 1}-{number}",
        practice_id=practice.id,
        question_index=index,
        number=number,
        began_at=practice.began_at + timedelta(minutes=index, seconds=number),
        outcome=AttemptOutcome.SKIPPED if part is None else AttemptOutcome.ANSWERED,
        parts=() if part is None else (part,),
    )


def _record(store: SessionStore, began_at: datetime, rng: np.random.Generator) -> str:
    """Store a synthetic session with its calibration; returns its id."""
    session, moments = demo_session(began_at, rng)
    store.begin(session)
    mark = Event(_MARK_AT_S, EventKind.MARK, "Lost the thread")
    store.append(session.id, moments, now=began_at, events=[mark])
    store.set_calibration(session.id, 1, demo_calibration(began_at))
    store.end(session.id, ended_at=began_at + timedelta(seconds=moments[-1].time_s))
    return session.id
