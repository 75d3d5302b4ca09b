"""Where the messages of all learners arrive."""

from __future__ import annotations

from datetime import timedelta

from core.classroom.ingest.class_desk import WITHDRAWN, ClassDesk, KnownClass
from core.classroom.ingest.every_second import EverySecond
from core.classroom.ingest.learner_stream import LearnerStream, Outputs
from core.classroom.ingest.seconds_writer import SecondsWriter
from core.classroom.ingest.study_rows import StudyRows
from core.domain.classroom import Classroom, Learner, LearnerSite
from core.domain.row_answer import MAX_MESSAGE_BYTES, AnswerKind, RowAnswer
from core.eye import StreamIngest, Ticket, TokenSigner
from core.live import Clocks

SILENT_S = 310.0
"""A browser that was not heard for so long sends no row of before any more."""

_LOOKED_UP_S = 1.0  # when to send a message again whose class is being looked up
_FULL_S, _SWEEP_EVERY_S = 5.0, 10.0
_CLOCKS_DIFFER = timedelta(seconds=5)  # of two servers
_WAITS = "The server was started again and looks up this class: send the message again."


class ClassIngest(StreamIngest[LearnerStream]):
    """Takes the rows of learners' browsers for classes. Thread-safe.

    A token holds over a restart of the server, which looks up class and learner again. Any process
    takes any learner's messages; of two at once, those of the tab that was opened last.

    Args:
        signer, clocks: as of every `StreamIngest`.
        desk: knows classes and learners.
        writer: stores what comes.
        study: stores the rows of classes that are studies.
    """

    max_bytes = MAX_MESSAGE_BYTES

    def __init__(
        self,
        signer: TokenSigner,
        *,
        clocks: Clocks,
        desk: ClassDesk,
        writer: SecondsWriter,
        study: StudyRows | None = None,
    ) -> None:
        super().__init__(signer, clocks=clocks)
        self.desk = desk
        self.writer = writer
        self._study = study
        self._sweeping = EverySecond(self.sweep, name="silent learners", every_s=_SWEEP_EVERY_S)

    @property
    def trouble(self) -> str:
        """Why what learners share waits on this server, in a sentence; empty while it is stored."""
        return self.writer.trouble

    def open(self, classroom: Classroom, learner: Learner) -> str:
        """A token that lets a learner's browser write; whoever had one of this learner before is
        told that another tab takes part.

        Args:
            classroom, learner: as just read from the database.
        Raises:
            NotAllowedHere: the class is closed, or may take nothing here.
        """
        known = self.desk.admit(classroom, learner)
        now = self._clocks.now()
        # By the clock, so that it is a later one in every process, also after a restart.
        writer = round(now.timestamp() * 1000)
        with self._lock:
            name = _name(classroom, learner)
            stream = self._streams.get(name) or self._stream(classroom, learner, known)
        writer = max(writer, stream.writer + 1)
        stream.admit(writer)
        return self._signer.token(name, writer, now=now)

    def accept(self, token: str, body: bytes) -> RowAnswer:
        """Take a message; never raises for what a browser may send."""
        if self.writer.is_full:
            return RowAnswer(AnswerKind.NOT_NOW, self.writer.trouble, retry_after_s=_FULL_S)
        return super().accept(token, body)

    def sweep(self) -> bool:
        """Give up browsers that fell silent; returns whether there are others."""
        now_s = self._clocks.seconds()
        with self._lock:
            silent = [one for one in self._streams.values() if now_s - one.heard_s > SILENT_S]
            for stream in silent:
                del self._streams[_name(stream.classroom, stream.learner)]
            is_any = bool(self._streams)
        for stream in silent:
            stream.end()
        return is_any

    def close(self, *, wait_s: float = 5.0) -> None:
        """Store what came so far, as the server stops."""
        with self._lock:
            streams = list(self._streams.values())
        for stream in streams:
            stream.end()
        self.writer.close(wait_s=wait_s)
        if self._study is not None:
            self._study.close(wait_s=wait_s)

    def _unknown(self, ticket: Ticket) -> LearnerStream | RowAnswer:
        classroom_id, _, learner_id = ticket.session_id.partition(" ")
        known = self.desk.look(classroom_id)
        if known is None:
            return RowAnswer(AnswerKind.NOT_NOW, _WAITS, retry_after_s=_LOOKED_UP_S)
        if known.classroom is None or known.refusal:
            return RowAnswer(AnswerKind.OVER, known.refusal)
        learner = known.learners.get(learner_id)
        if learner is not None:
            return self._stream(known.classroom, learner, known)
        if known.read_at < self._signer.made_at(ticket) + _CLOCKS_DIFFER:  # joined elsewhere
            return RowAnswer(AnswerKind.NOT_NOW, _WAITS, retry_after_s=_LOOKED_UP_S)
        return RowAnswer(AnswerKind.OVER, WITHDRAWN)

    def _refusal(self, stream: LearnerStream, clock_s: float) -> str:  # noqa: ARG002
        own = stream.classroom.id, stream.learner.id
        return self.desk.refusal(*own, LearnerSite.BROWSER)

    def _stream(self, classroom: Classroom, learner: Learner, known: KnownClass) -> LearnerStream:
        """A new stream; the lock is held."""
        outputs = Outputs(self.writer, self._study)
        stream = LearnerStream(classroom, learner, known.card, clocks=self._clocks, outputs=outputs)
        self._streams[_name(classroom, learner)] = stream
        self._sweeping.begin()
        return stream


def _name(classroom: Classroom, learner: Learner) -> str:
    return f"{classroom.id} {learner.id}"
