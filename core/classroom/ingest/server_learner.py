"""Learners whose browser cannot read faces: their frames are analysed here, in memory."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from core.classroom.ingest.learner_stream import STATE_EVERY_S, newest_of
from core.classroom.ingest.seconds_meter import SecondsMeter
from core.domain import (
    FER7,
    QUALITY_PX,
    AnalysedFrame,
    EmotionScores,
    Frame,
    ModelInput,
    RgbPicture,
)
from core.domain.classroom import Classroom, ClassSeconds, Learner, LearnerState
from core.domain.row_answer import LearnerSecond
from core.live import Clocks, FrameClock
from core.vision import Analyser

MAX_LATE_S = 0.5
"""A frame that came later than the fastest by more is not analysed: where a server cannot keep up,
the time is better spent on getting to the newest one."""

SILENT_S = 60.0
"""A stream without a frame for so long gives its place to another learner."""

MOST_FAILURES = 25
"""So many frames in a row that cannot be analysed, five seconds, end a stream."""

_FAILED = (
    "Your pictures cannot be analysed on this server; its log says why. Take part with flags only."
)
_ENDED = "The camera stopped sending. Switch it on again."
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LearnerGate:
    """What a stream asks of the class, and where its seconds go; used on several threads.

    Attributes:
        refusal: why nothing more of this learner is taken; empty while it is.
        write: takes seconds that are complete; quick.
        tell: takes what the learner's device does; quick.
    """

    refusal: Callable[[], str]
    write: Callable[[ClassSeconds], object]
    tell: Callable[[LearnerState], object]


class ServerLearner:
    """One learner's stream of frames, analysed by a pool that all of them share.

    `sent_s` is called on the camera's thread, and `take` on one of the pool. No frame outlives its
    analysis.

    Args:
        learner: whose frames these are.
        classroom: the class.
        analyser: of this stream alone; closed with it.
        gate: of the class.
        clocks: time.
    """

    def __init__(
        self,
        learner: Learner,
        classroom: Classroom,
        analyser: Analyser,
        *,
        gate: LearnerGate,
        clocks: Clocks,
    ) -> None:
        self.learner = learner
        self._classroom = classroom
        self._analyser = analyser
        self._gate = gate
        self._clocks = clocks
        self._meter = SecondsMeter(classroom, learner=learner.number)
        self._frames = FrameClock()  # of the camera's thread
        self._lock = Lock()  # of everything below, and held while a frame is analysed
        self._index = 0
        self._last_s = -1.0
        self._told_s = -math.inf
        self._failures = 0
        self._heard_s = clocks.seconds()
        self._newest: LearnerSecond | None = None
        self._ended = ""

    @property
    def ended(self) -> str:
        """Why nothing more is taken; empty while frames are."""
        return self._ended

    @property
    def newest(self) -> LearnerSecond | None:
        """The newest second that left for the class; None before the first."""
        return self._newest

    def sent_s(self, stamp_s: float) -> float | None:
        """When a frame that arrives now was sent, monotonic; None where it is too late to be
        analysed. Called on the camera's thread, for every frame.

        Args:
            stamp_s: the sender's timestamp, from any zero.
        """
        now_s = self._heard_s = self._clocks.seconds()
        late_s = self._frames.frame_arrived(stamp_s, now_s)
        return None if late_s > MAX_LATE_S else now_s - late_s

    def take(self, rgb: RgbPicture, sent_s: float) -> float | None:
        """Analyse a frame, on the pool's thread.

        Args:
            rgb: uint8, shape `(height, width, 3)`.
            sent_s: when it was sent, monotonic.
        Returns:
            Its age in seconds when its numbers were known; None where it was not analysed.
        """
        if refusal := self._gate.refusal():
            self.end(refusal)
            return None
        try:
            return self._analysed(rgb, sent_s)
        # Broad on purpose: a picture that cannot be read is no end, many are.
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return None

    def is_silent(self) -> bool:
        """Whether no frame came for so long that others may have the place."""
        return self._clocks.seconds() - self._heard_s > SILENT_S

    def _fail(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            _log.error("a learner's picture could not be analysed", exc_info=error)
        if self._failures >= MOST_FAILURES:
            self.end(_FAILED)

    def _analysed(self, rgb: RgbPicture, sent_s: float) -> float | None:
        with self._lock:
            age_s = self._clocks.seconds() - sent_s
            time_s = self._classroom.second_at(self._clocks.now()) - age_s
            if self._ended or time_s <= max(self._last_s, 0.0):  # also where a clock was put back
                return None
            self._last_s = time_s
            self._index += 1
            if sent_s - self._told_s >= STATE_EVERY_S:
                self._told_s = sent_s
                self._gate.tell(LearnerState.MEASURING)
            observations = self._analyser.analyse(Frame(rgb, time_s, self._index))
            self._failures = 0
            if not self._classroom.labels:
                observations = tuple(replace(one, scores=None, steady=None) for one in observations)
            self._write(self._meter.add(AnalysedFrame(time_s, self._index, observations)))
            return self._clocks.seconds() - sent_s

    def advance(self) -> None:
        """Complete the seconds that no frame will come of any more; and end where the class
        refuses."""
        if refusal := self._gate.refusal():
            self.end(refusal)
        with self._lock:
            if not self._ended:
                now_s = self._classroom.second_at(self._clocks.now())
                self._write(self._meter.advance(now_s))

    def end(self, why: str = _ENDED) -> None:
        """Take nothing more, and free the analyser; idempotent. What was measured until now is
        stored, unless the class refuses it.
        """
        with self._lock:
            if self._ended:
                return
            self._ended = why
            if not self._gate.refusal():
                self._write(self._meter.flush())
            self._analyser.close()

    def _write(self, seconds: ClassSeconds) -> None:
        if len(seconds):
            self._newest = newest_of(seconds)
            self._gate.write(seconds)


class NotAsked:
    """Stands for a model of expressions where a class does not share them: none is asked."""

    scheme = FER7
    input = ModelInput(QUALITY_PX)

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """The same for every face; nothing is looked at."""
        even = np.full(len(FER7), 1 / len(FER7), dtype=np.float32)
        return [EmotionScores(FER7, even)] * len(faces)
