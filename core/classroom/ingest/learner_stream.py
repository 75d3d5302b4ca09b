"""The messages of one learner's browser: they become seconds of the class."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from threading import Lock

from core.classroom.ingest.seconds_meter import SecondsMeter
from core.classroom.ingest.seconds_writer import SecondsWriter
from core.classroom.ingest.study_rows import LearnerRows, StudyRows
from core.domain import AnalysedFrame, AnalysisSite, ModelCard
from core.domain.classroom import Classroom, ClassSeconds, Learner, LearnerState, Shared
from core.domain.row_answer import AnswerKind, LearnerSecond, RowAnswer
from core.eye import (
    ROWS,
    Message,
    MessageDelay,
    OrderedMessages,
    ReaderState,
    RowEntry,
)
from core.live import Clocks
from core.vision import ReadingAnalyser

OTHER_TAB = (
    "You take part in this class in another tab or on another device already. Close one of them, "
    "then join again here."
)
MAX_SHIFT_S = 0.5
"""Where the time of rows and the clock of the server differ by more, that of the rows is set anew:
the browser's clock stood still, or a first message was late."""

STATE_EVERY_S = 10.0
"""How often it is stored that a learner was heard of, while the device does the same."""

_STATES = {
    ReaderState.READING: LearnerState.MEASURING,
    ReaderState.HIDDEN: LearnerState.HIDDEN,
    ReaderState.NO_CAMERA: LearnerState.NO_CAMERA,
}
"""What the browser says -> what is known of the device. That it stopped has no line: the page knows
whether it was a pause, and tells."""

_ROWS = replace(ROWS, other_tab=OTHER_TAB)


@dataclass(frozen=True)
class Outputs:
    """Where goes what learners share.

    Attributes:
        writer: stores seconds.
        study: stores the rows of classes that are studies; None where there can be none.
    """

    writer: SecondsWriter
    study: StudyRows | None = None


class LearnerStream:
    """Takes the messages of one learner, in order and once, and gives seconds. Thread-safe.

    A row is of the second of the class in which it was captured: its message's arrival, less the
    message's delay and the row's age by the browser's monotonic clock. What the browser's wall
    clock says does not matter. A first message cannot be said to be late, so its rows wait for the
    second one. Rows from before the consent are left out.

    Args:
        classroom: the class; says what is shared.
        learner: whose browser it is.
        card: of the model that reads expressions; None where they are not shared.
        clocks: time.
        outputs: where seconds that are complete go, and what the device does.
    """

    def __init__(
        self,
        classroom: Classroom,
        learner: Learner,
        card: ModelCard | None,
        *,
        clocks: Clocks,
        outputs: Outputs,
    ) -> None:
        self.classroom = classroom
        self.learner = learner
        self._card = card
        self._clocks = clocks
        self._outputs = outputs
        self._from_s = max(0.0, classroom.second_at(learner.consent_at))
        self._lock = Lock()
        self._messages = OrderedMessages(_ROWS)
        self._second: LearnerSecond | None = None
        self._told: tuple[LearnerState, float] | None = None
        self.heard_s = clocks.seconds()
        """When a message came last, by the monotonic clock of this process."""
        self._begin()

    @property
    def writer(self) -> int:
        """Number of the writer whose messages are taken."""
        return self._messages.writer

    def admit(self, writer: int) -> None:
        """Take the messages of a writer from now on, in place of the one before: another tab, or
        the same after a reload. Its clock begins anew.
        """
        with self._lock:
            self._flush()
            self._messages.admit(writer)
            self._told = None  # it may have paused in between
            self._begin()

    def end(self) -> None:
        """Give the seconds so far: nothing comes any more."""
        with self._lock:
            self._flush()

    def take(self, body: bytes, writer: int, clock_s: float) -> RowAnswer:
        """Take a message.

        Args:
            body: untrusted.
            writer: whose message it is; a later one than known was admitted by another process, or
                before this one was started again.
            clock_s: now, monotonic.
        """
        if writer > self.writer:
            self.admit(writer)
        with self._lock:
            message = self._messages.next(body, writer, clock_s, self._expect)
            if isinstance(message, RowAnswer):
                return message
            self._record(message, clock_s)
            self.heard_s = clock_s
            self._tell(_STATES.get(message.state), clock_s)
            return RowAnswer(
                AnswerKind.STORED,
                next_number=self._messages.take(message, body),
                second=self._second,
            )

    def _begin(self) -> None:
        """Begin with a new clock."""
        self._delay = MessageDelay()
        self._last: RowEntry | None = None
        self._first: tuple[RowEntry, ...] | None = None  # rows of a first message, which wait
        self._set_zero(math.nan)

    def _set_zero(self, zero_s: float) -> None:
        """Set the second of the class at which the browser's clock was 0; what came before is of
        another time, and nobody in it is known here.
        """
        self._zero_s = zero_s
        self._last_s = -math.inf
        self._rows: LearnerRows | None = None  # of a study
        self._analyser = ReadingAnalyser(self._card)
        self._meter = SecondsMeter(self.classroom, learner=self.learner.number)

    def _expect(self, message: Message) -> None:
        message.expect_after(self._last)
        needs_shapes = Shared.ENGAGEMENT in self.classroom.shared or self._card is not None
        message.expect_blendshapes(shared=needs_shapes)
        if self._card is None:
            message.expect_no_outputs()
        else:
            message.expect_outputs_of(self._card)

    def _record(self, message: Message, clock_s: float) -> None:
        """Measure a message's rows."""
        late_s = self._delay.register(message.client_s, clock_s)
        zero_s = self.classroom.second_at(self._clocks.now()) - late_s - message.client_s
        self._last = message.rows[-1] if message.rows else self._last
        is_last = message.state is ReaderState.STOPPED
        if self._first is None and not is_last:
            self._first = message.rows
            self._zero_s = zero_s
            return
        self._follow(zero_s)
        rows = (*(self._first or ()), *message.rows)
        self._first = ()
        for row in rows:
            self._measure(row)
        if not message.rows:  # otherwise others may wait in the browser, for the next message
            self._give(self._meter.advance(message.client_s + self._zero_s))
        if is_last:
            self._flush_meter()

    def _follow(self, zero_s: float) -> None:
        """Set the time of rows anew where it is far from what messages say."""
        is_later = zero_s > self._zero_s + MAX_SHIFT_S
        if self._last_s == -math.inf or (is_later and self._delay.is_steady):
            self._zero_s = zero_s
        elif zero_s < self._zero_s - MAX_SHIFT_S:
            self._flush_meter()
            self._set_zero(zero_s)

    def _measure(self, row: RowEntry) -> None:
        time_s = row.time_s + self._zero_s
        if time_s < self._from_s or time_s <= self._last_s:
            return
        self._last_s = time_s
        reading = row.reading(shift_s=0.0)
        moment = AnalysedFrame(
            time_s=time_s,
            frame_index=row.frame_index,
            observations=self._analyser.analyse(reading, time_s, row.frame_index),
            latency_ms=row.latency_ms,
            eye=AnalysisSite.BROWSER,
        )
        self._give(self._meter.add(moment))
        self._record_row(moment)

    def _flush(self) -> None:
        """Give everything so far: a first message's rows by the time that it came."""
        for row in self._first or ():
            self._measure(row)
        self._first = ()
        self._flush_meter()

    def _flush_meter(self) -> None:
        self._give(self._meter.flush())
        if self._rows is not None:
            self._rows.end()
            self._rows = None

    def _record_row(self, moment: AnalysedFrame) -> None:
        study = self._outputs.study
        if study is None or self._card is None or Shared.ROWS not in self.classroom.shared:
            return
        if self._rows is None:
            self._rows = study.recording(self.classroom, self.learner, self._card)
        self._rows.add(moment)

    def _give(self, seconds: ClassSeconds) -> None:
        if len(seconds):
            self._second = newest_of(seconds)
            self._outputs.writer.add(self.classroom.id, seconds)

    def _tell(self, state: LearnerState | None, clock_s: float) -> None:
        """Store what the device does where that is new, or was told long ago."""
        told, told_s = self._told or (None, -math.inf)
        if state is not None and (state is not told or clock_s - told_s >= STATE_EVERY_S):
            self._told = state, clock_s
            self._outputs.writer.set_state(self.learner.id, state)


def newest_of(seconds: ClassSeconds) -> LearnerSecond:
    """The last of a learner's seconds, one or more."""
    measured = {
        name: None if math.isnan(value) else value
        for name in ("facing", "eyes_open", "expression")
        for value in (float(getattr(seconds, name)[-1]),)
    }
    return LearnerSecond(
        second=int(seconds.second[-1]),
        measured=float(seconds.measured[-1]),
        usable=float(seconds.usable[-1]),
        present=float(seconds.present[-1]),
        scores=tuple(one for one in seconds.scores[-1].tolist() if not math.isnan(one)),
        **measured,
    )
