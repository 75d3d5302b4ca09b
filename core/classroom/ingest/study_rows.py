"""Records the readings of learners of a study: each as an ordinary session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Lock

from core.classroom.ingest.every_second import EverySecond
from core.classroom.store.learners import learners_of
from core.classroom.store.study_sessions import (
    delete_study_of_learner,
    name_participant,
    study_session_id,
)
from core.domain import AnalysedFrame, ModelCard, SourceKind
from core.domain.classroom import Classroom, Learner
from core.domain.errors import StoreError, UnknownClassroom
from core.live import BROWSER_FLUSH_EVERY_S, Clocks, SessionWriter, WritingThread
from core.measures import with_shown_labels
from core.sessions import SessionStore, new_session
from core.vision import ConfirmationBuffer

_LOOK_EVERY_S = 5.0


class LearnerRows:
    """One session of a learner. It begins with its first frame. Not thread-safe.

    Args:
        classroom, learner: whose.
        card: of the model that gives the scores.
        thread: writes the sessions of this process.
        clocks: time.
    """

    def __init__(
        self,
        classroom: Classroom,
        learner: Learner,
        card: ModelCard,
        *,
        thread: WritingThread,
        clocks: Clocks,
    ) -> None:
        self.classroom = classroom
        self.learner = learner
        self._card = card
        self._thread = thread
        self._clocks = clocks
        self._confirmed = ConfirmationBuffer()
        self._writer: SessionWriter | None = None
        self._began_s = 0.0
        self._has_ended = False

    @property
    def is_over(self) -> bool:
        """Whether it is stored to its end, or ended before it began."""
        return self._has_ended and (self._writer is None or self._writer.is_over)

    def add(self, moment: AnalysedFrame) -> None:
        """Record a frame, with its tentative faces; its time is in seconds of the class."""
        writer = self._writer or self._begin(moment.time_s)
        for one in self._confirmed.add(moment):
            self._write(writer, one)

    def end(self, *, wait_s: float = 0.0) -> None:
        """End the session."""
        self._has_ended = True
        if self._writer is not None:
            for one in self._confirmed.flush():
                self._write(self._writer, one)
            self._writer.end(ended_at=self._clocks.now(), wait_s=wait_s)

    def _begin(self, began_s: float) -> SessionWriter:
        self._began_s = began_s
        session = new_session(
            self._card,
            SourceKind.CAMERA,
            session_id=study_session_id(self.learner, began_s),
            title=f"{self.classroom.title}: {self.learner.name}",
            began_at=self.classroom.opened_at + timedelta(seconds=began_s),
        ).recorded_for(self.classroom.purpose, consent_at=self.learner.consent_at)
        self._writer = SessionWriter(
            self._thread, session, now=self._clocks.now, flush_every_s=BROWSER_FLUSH_EVERY_S
        )
        return self._writer

    def _write(self, writer: SessionWriter, moment: AnalysedFrame) -> None:
        time_s = moment.time_s - self._began_s
        faces = tuple(replace(one, time_s=time_s) for one in moment.observations)
        shown = replace(moment, time_s=time_s, observations=faces)
        threshold = self._card.not_sure_below
        writer.add(with_shown_labels(shown, faces, not_sure_below=threshold))


class StudyRows:
    """The sessions of all learners of studies. Thread-safe.

    Every few seconds it says in the database whose the faces are; and what is recorded of somebody
    who withdrew meanwhile is deleted.

    Args:
        store: of classes and sessions.
        thread: writes the sessions of this process.
        clocks: time.
    """

    def __init__(self, store: SessionStore, thread: WritingThread, clocks: Clocks) -> None:
        self._store = store
        self._thread = thread
        self._clocks = clocks
        self._lock = Lock()
        self._recorded: list[LearnerRows] = []
        self._looking = EverySecond(self.look, name="study participants", every_s=_LOOK_EVERY_S)

    def recording(self, classroom: Classroom, learner: Learner, card: ModelCard) -> LearnerRows:
        """Record a learner from now on; returns at once."""
        rows = LearnerRows(classroom, learner, card, thread=self._thread, clocks=self._clocks)
        with self._lock:
            self._recorded.append(rows)
        self._looking.begin()
        return rows

    def close(self, *, wait_s: float) -> None:
        """Wait for what has ended to be stored, as the server stops."""
        with self._lock:
            recorded = list(self._recorded)
        for one in recorded:
            one.end(wait_s=wait_s)
        self.look()

    def look(self) -> bool:
        """Name the faces that were stored since; returns whether some are still recorded."""
        with self._lock:
            recorded = list(self._recorded)
        done = [one for one in recorded if self._is_settled(one)]
        with self._lock:
            self._recorded = [one for one in self._recorded if one not in done]
            return bool(self._recorded)

    def _is_settled(self, rows: LearnerRows) -> bool:
        """Name one learner's faces; returns whether nothing of them comes any more."""
        was_over = rows.is_over
        try:
            if self._takes_part(rows):
                name_participant(self._store, rows.classroom, rows.learner)
            else:
                with self._store.transaction("written") as connection:
                    delete_study_of_learner(connection, rows.learner.id)
        except StoreError:
            return False
        return was_over

    def _takes_part(self, rows: LearnerRows) -> bool:
        try:
            known = learners_of(self._store, rows.classroom.id)
        except UnknownClassroom:
            return False
        return any(one.id == rows.learner.id for one in known)
