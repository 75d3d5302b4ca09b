"""All learners whose frames a server process analyses: how many, and in which turns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock

from core.classroom.ingest.analysis_pool import AnalysisPool
from core.classroom.ingest.class_desk import ClassDesk
from core.classroom.ingest.seconds_writer import SecondsWriter
from core.classroom.ingest.server_learner import LearnerGate, ServerLearner
from core.domain import RgbPicture
from core.domain.classroom import Classroom, Learner, LearnerSite
from core.domain.errors import NotAllowedHere
from core.live import Clocks
from core.vision import Analyser

MAX_SERVER_LEARNERS = 12
"""Most learners whose frames a server process analyses at a time; see docs/class.md for what was
measured."""

ANALYSIS_THREADS = 2
"""That share the frames of all of them."""

_TAKEN_OVER = "Another tab of yours took over."
_FULL = (
    "This server analyses the cameras of {most} learners at a time, and all of these places are "
    "taken."
)
_FULL_ADVICE = (
    "Use a browser that reads faces on your own device, or take part with flags only; try again "
    "when somebody has left."
)


class ServerLearners:
    """All learners whose frames this process analyses. Thread-safe.

    Args:
        desk: knows classes and learners.
        writer: stores what comes.
        clocks: time.
        pool: analyses their frames.
        most: at a time.
    """

    def __init__(
        self,
        desk: ClassDesk,
        writer: SecondsWriter,
        *,
        clocks: Clocks,
        pool: AnalysisPool,
        most: int = MAX_SERVER_LEARNERS,
    ) -> None:
        self._desk = desk
        self._writer = writer
        self._clocks = clocks
        self._pool = pool
        self._most = most
        self._lock = Lock()
        self._open: list[ServerLearner] = []

    def open(
        self, classroom: Classroom, learner: Learner, analyser: Callable[[], Analyser]
    ) -> ServerLearner:
        """Begin to take frames of a learner; an earlier stream of the same one ends.

        Args:
            classroom, learner: as just read from the database.
            analyser: makes one for this stream alone, where there is room for it.
        Raises:
            NotAllowedHere: the class is closed or may take nothing here, or as many streams as
                there may be are open.
        """
        self._desk.admit(classroom, learner)
        with self._lock:
            earlier = [one for one in self._open if one.learner.id == learner.id]
            for one in self._open:
                if one.is_silent():
                    one.end()
            others = [one for one in self._open if not one.ended and one not in earlier]
            if len(others) >= self._most:
                raise NotAllowedHere(_FULL.format(most=self._most), advice=_FULL_ADVICE)
            for one in earlier:
                one.end(_TAKEN_OVER)
            gate = LearnerGate(
                partial(self._desk.refusal, classroom.id, learner.id, LearnerSite.SERVER),
                partial(self._writer.add, classroom.id),
                partial(self._writer.set_state, learner.id),
            )
            made = ServerLearner(learner, classroom, analyser(), gate=gate, clocks=self._clocks)
            self._open = [*others, made]
        return made

    def end(self, learner_id: str) -> None:
        """End the stream of a learner, whichever tab began it; nothing happens without one."""
        with self._lock:
            for one in self._open:
                if one.learner.id == learner_id:
                    one.end(_TAKEN_OVER)

    def process_frame(
        self,
        stream: ServerLearner,
        rgb: RgbPicture,
        stamp_s: float,
        *,
        skipped: int = 0,  # noqa: ARG002
    ) -> None:
        """Take a frame of a stream: it is analysed at its turn, unless a newer one comes before."""
        if stream.ended or (sent_s := stream.sent_s(stamp_s)) is None:
            return
        self._pool.offer(stream, partial(stream.take, rgb, sent_s))
