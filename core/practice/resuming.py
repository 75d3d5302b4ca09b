"""Goes on with a practice that was cut off: by a server that ended, or a tab that was closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.errors import UnknownSession
from core.domain.practice import Attempt, AttemptOutcome, Practice
from core.practice.flow import Flow, Phase
from core.practice.running import RunningPractice, StepTime
from core.practice.store.attempts import attempt_of, attempts_of, end_attempt
from core.practice.store.practices import end_practice, set_question
from core.sessions import SessionStore


class Return(StrEnum):
    """How somebody comes back to a practice."""

    LATER = "later"
    """A running answer ended with its last row."""
    AT_ONCE = "at_once"
    """They sat there all the time, as where only the server was started again: a running answer
    goes on, and the time that passed counts."""
    IN_A_PAUSE = "in_a_pause"
    """The same, but it stood still."""


def resume_practice(
    store: SessionStore,
    practice: Practice,
    time: StepTime,
    *,
    new_id: Callable[[datetime], str],
    returns: Return = Return.LATER,
) -> RunningPractice:
    """The practice where it stood.

    Args:
        practice: as stored.
        time: now.
    Raises:
        StoreError, UnknownPractice.
    """
    index, newest = practice.question_index, _newest(store, practice)
    if newest is not None and newest.outcome is AttemptOutcome.SKIPPED:
        set_question(store, practice.id, index := index + 1)
        newest = None
    if newest is not None and newest.outcome is None and returns is Return.LATER:
        end_attempt(store, newest.id, AttemptOutcome.ANSWERED)
        newest = attempt_of(store, newest.id)
    if index == len(practice.questions):  # cut off before its end was stored
        end_practice(store, practice.id, ended_at=time.at)
    flow = Flow(
        questions=len(practice.questions),
        think_s=practice.think_s,
        answer_s=practice.answer_s,
        index=index,
        number=1 if newest is None else newest.number,
        phase=_phase_of(practice, index, newest),
        began_s=time.clock_s - _elapsed_s(store, newest, time.at, returns),
    )
    if returns is Return.IN_A_PAUSE and flow.phase is Phase.ANSWERING:
        flow = flow.pause(time.clock_s)
    return RunningPractice(store, practice, flow, newest, new_id=new_id)


def _newest(store: SessionStore, practice: Practice) -> Attempt | None:
    """The newest try at the question that it stands at."""
    tries = attempts_of(store, practice.id)
    own = [one for one in tries if one.question_index == practice.question_index]
    return own[-1] if own else None


def _phase_of(practice: Practice, index: int, newest: Attempt | None) -> Phase:
    if index == len(practice.questions):
        return Phase.OVER
    if newest is None:
        return Phase.READY
    return Phase.ANSWERING if newest.outcome is None else Phase.REVIEW


def _elapsed_s(
    store: SessionStore, attempt: Attempt | None, at: datetime, returns: Return
) -> float:
    """Seconds of an answer that goes on: with those that nothing recorded, but for a pause."""
    if attempt is None or attempt.outcome is not None:
        return 0.0
    if not attempt.parts:
        return max(0.0, (at - attempt.began_at).total_seconds())
    part = attempt.parts[-1]
    try:
        entry = store.entry(part.session_id)
    except UnknownSession:  # deleted meanwhile
        return part.offset_s
    last_s = max(part.begins_s, entry.last_s)
    answered_s = part.offset_s + last_s - part.begins_s
    if returns is Return.IN_A_PAUSE:
        return answered_s
    last_at = entry.session.began_at + timedelta(seconds=last_s + entry.session.paused_s)
    return answered_s + max(0.0, (at - last_at).total_seconds())
