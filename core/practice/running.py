"""A practice that goes on: each step is stored as it is taken."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock

from core.domain import Segment, SegmentKind
from core.domain.errors import StoreError, UnknownSession
from core.domain.practice import Attempt, AttemptOutcome, AttemptPart, Practice
from core.practice.flow import Flow, Phase
from core.practice.store.attempts import begin_attempt, begin_part, end_attempt
from core.practice.store.practices import end_practice, set_question
from core.sessions import SessionStore, begin_segment, end_segment


@dataclass(frozen=True)
class StepTime:
    """When a step is taken.

    Attributes:
        clock_s: monotonic.
        at: aware, UTC.
        session: id and time of the session that records; None while none does.
    """

    clock_s: float
    at: datetime
    session: tuple[str, float] | None


class RunningPractice:
    """Takes the steps of a `Flow` and stores what each changes, before it is taken: where the
    database refuses, nothing has moved.

    Thread-safe: where a tab's page runs again, its run before may not have stopped yet.

    Args:
        store: of practices and sessions.
        practice: stored already.
        flow: where it stands.
        attempt: the try that goes on, or that was ended last; None before the first at a question.
        new_id: makes an id of a time.
    """

    def __init__(
        self,
        store: SessionStore,
        practice: Practice,
        flow: Flow,
        attempt: Attempt | None = None,
        *,
        new_id: Callable[[datetime], str],
    ) -> None:
        self._lock = RLock()
        self._store = store
        self._new_id = new_id
        self._part: AttemptPart | None = None  # that goes on
        self._attempt = attempt
        self.practice = practice
        self.flow = flow

    @property
    def attempt_id(self) -> str | None:
        """The try that goes on, or that was ended last at this question; None before one."""
        return None if self._attempt is None else self._attempt.id

    def ask(self, time: StepTime) -> None:
        """Show the question.

        Raises:
            StoreError, UnknownPractice: as every step; then nothing has changed.
        """
        self._take(Flow.ask, time)

    def answer(self, time: StepTime) -> None:
        """Begin to answer."""
        self._take(Flow.answer, time)

    def finish(self, time: StepTime) -> None:
        """End the answer."""
        self._take(Flow.finish, time)

    def again(self, time: StepTime) -> None:
        """Another try at the question."""
        self._take(Flow.again, time)

    def next(self, time: StepTime) -> None:
        """The next question; after the last the practice ends."""
        self._take(Flow.next, time)

    def skip(self, time: StepTime) -> None:
        """Leave the question; what was answered of it is kept."""
        with self._lock:
            after = self.flow.skip(time.clock_s)
            if after is self.flow:
                return
            if self.flow.step is not Phase.ANSWERING:
                self._store_skipped(time)
            self._go(after, time, outcome=AttemptOutcome.SKIPPED)

    def pause(self, time: StepTime) -> None:
        """Stand still; the session that records has to be paused with it."""
        self._take(Flow.pause, time)

    def resume(self, time: StepTime) -> None:
        """Go on; likewise."""
        self._take(Flow.resume, time)

    def end(self, time: StepTime) -> None:
        """End the practice where it stands; an answer that goes on ends with it."""
        self._take(lambda flow, _: flow.end(), time)

    def tick(self, time: StepTime) -> None:
        """What time alone changes; and begin a part where a session has begun to record."""
        with self._lock:
            goes_on = self._attempt is not None and self._attempt.outcome is None
            if self.flow.phase is Phase.ANSWERING and self._part is None and goes_on:
                self._begin_part(self.flow, time)
            while (after := self.flow.tick(time.clock_s)) is not self.flow:
                self._go(after, time)

    def lose_session(self, time: StepTime) -> None:
        """The session that recorded is over: its part ends with its last row, and time stands
        still until somebody resumes.
        """
        with self._lock:
            self._part = None
            self.pause(time)

    def _take(self, step: Callable[[Flow, float], Flow], time: StepTime) -> None:
        with self._lock:
            self._go(step(self.flow, time.clock_s), time)

    def _go(self, after: Flow, time: StepTime, outcome: AttemptOutcome | None = None) -> None:
        before = self.flow
        if after is before:
            return
        is_same = after.index == before.index
        if before.step is Phase.ANSWERING and not (is_same and after.step is Phase.ANSWERING):
            self._end_attempt(outcome or AttemptOutcome.ANSWERED, after, time)
        if not is_same:
            set_question(self._store, self.practice.id, after.index)
            self._attempt = None
        if after.step is Phase.ANSWERING and not (is_same and before.step is Phase.ANSWERING):
            self._begin_attempt(after, time)
        if after.phase is Phase.OVER:
            end_practice(self._store, self.practice.id, ended_at=time.at)
        self.flow = after

    def _new_attempt(
        self, flow: Flow, at: datetime, outcome: AttemptOutcome | None = None
    ) -> Attempt:
        return Attempt(
            id=self._new_id(at),
            practice_id=self.practice.id,
            question_index=flow.index,
            number=flow.number,
            began_at=at,
            outcome=outcome,
            with_sound=self.practice.with_sound,
        )

    def _begin_attempt(self, after: Flow, time: StepTime) -> None:
        attempt = self._new_attempt(after, time.at)
        begin_attempt(self._store, attempt)
        self._attempt, self._part = attempt, None
        with suppress(StoreError):  # the try is stored: the next tick tries again
            self._begin_part(after, time)

    def _store_skipped(self, time: StepTime) -> None:
        """Store the try that was none; once, also where the step after it fails and is repeated."""
        if self._attempt is None or self._attempt.outcome is not AttemptOutcome.SKIPPED:
            attempt = self._new_attempt(self.flow, time.at, AttemptOutcome.SKIPPED)
            begin_attempt(self._store, attempt)
            self._attempt = attempt

    def _begin_part(self, flow: Flow, time: StepTime) -> None:
        """Begin the part that the session records, from where both the answer and it had begun."""
        if time.session is None or self._attempt is None:
            return
        session_id, session_s = time.session
        elapsed_s = flow.elapsed_s(time.clock_s)
        part = AttemptPart(
            session_id,
            offset_s=max(0.0, elapsed_s - session_s),
            begins_s=max(0.0, session_s - elapsed_s),
        )
        prompt = self.practice.questions[flow.index].text
        try:
            segment = Segment(part.begins_s, None, SegmentKind.QUESTION, prompt)
            begin_segment(self._store, session_id, segment)
            begin_part(self._store, self._attempt.id, part)
        except UnknownSession:
            return  # its first row is not stored yet: the next tick tries again
        self._part = part

    def _end_attempt(self, outcome: AttemptOutcome, after: Flow, time: StepTime) -> None:
        """End the try when its phase did, which may have been before now."""
        if self._attempt is None:
            return
        ends_s = None
        if self._part is not None and time.session and time.session[0] == self._part.session_id:
            late_s = after.elapsed_s(time.clock_s) if after.phase is Phase.REVIEW else 0.0
            ends_s = max(self._part.begins_s, time.session[1] - late_s)
            with suppress(UnknownSession):  # deleted meanwhile
                end_segment(self._store, self._part.session_id, ends_s=ends_s)
        end_attempt(self._store, self._attempt.id, outcome, ends_s=ends_s)
        self._attempt = replace(self._attempt, outcome=outcome)
        self._part = None
