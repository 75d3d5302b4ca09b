"""Builders of practices and tries: valid by default."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.domain.observation import AnalysisSite
from core.domain.practice import (
    Attempt,
    AttemptPart,
    MomentAnswer,
    MomentKind,
    Practice,
    SelfReport,
    Verdict,
)
from core.domain.question_set import Question
from core.sessions import SessionStore
from tests.make import BEGAN_AT, make_moment, make_observation, make_session

QUESTIONS = (
    Question("Why do you want this position?", "One reason, and an example."),
    Question("Was war schwierig? «中»"),
    Question("=1+1; <b>bold</b>", "'"),
)


def make_practice(
    practice_id: str = "p1", *, began_at: datetime = BEGAN_AT, **changed: Any
) -> Practice:
    """A practice of three questions that goes on."""
    practice = Practice(
        id=practice_id,
        person="Ana",
        set_name="Interview",
        language="en",
        questions=QUESTIONS,
        think_s=30.0,
        answer_s=120.0,
        site=AnalysisSite.BROWSER,
        with_sound=True,
        began_at=began_at,
        consent_at=began_at,
    )
    return replace(practice, **changed)


def make_attempt(attempt_id: str = "a1", practice_id: str = "p1", **changed: Any) -> Attempt:
    """A first try at the first question that goes on, without any part."""
    return replace(Attempt(attempt_id, practice_id, 0, 1, BEGAN_AT), **changed)


def make_self_report(**changed: Any) -> SelfReport:
    """Rather calm, rather satisfied."""
    report = SelfReport(7, 6, "Too fast at the end. «中»", BEGAN_AT + timedelta(minutes=3))
    return replace(report, **changed)


def make_moment_answer(**changed: Any) -> MomentAnswer:
    """A look away that was one."""
    answer = MomentAnswer(
        *(MomentKind.LOOK_AWAY, 1.25, 3.5, Verdict.CONFIRMED, "I looked at my notes."),
        BEGAN_AT + timedelta(minutes=4),
    )
    return replace(answer, **changed)


def part(
    begins_s: float, ends_s: float | None, session_id: str = "s1", offset_s: float = 0.0
) -> AttemptPart:
    """A part of an answer in the session of `record`."""
    return AttemptPart(session_id, offset_s, begins_s, ends_s)


def record(store: SessionStore, session_id: str = "s1", *, seconds: int = 60) -> None:
    """A running session with one face, a row each second."""
    store.begin(make_session(session_id))
    moments = [make_moment(float(at), make_observation(float(at))) for at in range(seconds + 1)]
    store.append(session_id, moments, now=BEGAN_AT)
