"""The rows of one session, from one browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from core.domain import ModelCard, Observation
from core.domain.row_answer import AnswerKind, NumberedFace, NumberedRow, RowAnswer
from core.eye.message import Message, ReaderState, RowEntry, message_from
from core.eye.message_delay import MessageDelay
from core.eye.ordered_messages import MessageKind, OrderedMessages
from core.live import LiveSession
from core.policy import Consent

ROWS_PER_S, ROW_BURST = 40.0, 3_600.0
"""A camera gives 30 frames a second at most; the burst is what the browser's queue holds."""

ROWS: MessageKind[Message] = MessageKind(
    parse=message_from,
    count=lambda message: len(message.rows),
    what="rows",
    device="camera",
    per_second=ROWS_PER_S,
    burst=ROW_BURST,
)

MAX_AHEAD_S = 2.0
"""A browser's clock that is ahead of the server's by more is taken back: see `RowStream`."""

OVER = "This session is over: what was read until then is stored. Start the camera again."
FORGOTTEN = RowAnswer(
    AnswerKind.NO_TOKEN,
    "The server was started again, or the tab's connection was lost for long. The page asks for "
    "another session; rows wait for it.",
)


@dataclass(frozen=True)
class StreamStatus:
    """What a browser said last.

    Attributes:
        state: what its eye is doing.
        rows: taken so far.
        dropped: rows that the browser dropped, as it says.
        not_measured_s: seconds of all gaps so far.
        heard_s: when it was heard, by the monotonic clock of this process; None before the first
            message.
    """

    state: ReaderState
    rows: int
    dropped: int
    not_measured_s: float
    heard_s: float | None


class RowStream:
    """Takes the messages of one session, in order and once. Thread-safe.

    Rows carry the time of the browser's monotonic clock. Its zero and the browser's wall clock do
    not matter: the first row begins the session. Should that clock run ahead of the server's, as
    after the server's machine was suspended, it is taken back: so a session is never longer than
    the time in which it was recorded, which begins with the capture of the first row: rows may have
    waited in the browser while there was no server.

    Args:
        live: records the rows.
        session_id: of the session.
        card: of the model that the browser asks.
        opened_s: now, by the monotonic clock of this process.
    """

    def __init__(
        self, live: LiveSession, session_id: str, card: ModelCard, *, opened_s: float
    ) -> None:
        self._live = live
        self._session_id = session_id
        self._card = card
        self._opened_s = opened_s
        self._lock = Lock()
        self._consent: Consent | None = None
        self._messages = OrderedMessages(ROWS)
        self._delay = MessageDelay()
        self._last: RowEntry | None = None
        self._first_s: float | None = None  # time of the first row
        self._shift_s = 0.0
        self._status = StreamStatus(ReaderState.READING, 0, 0, 0.0, None)

    @property
    def status(self) -> StreamStatus:
        """What the browser said last."""
        return self._status

    @property
    def is_open(self) -> bool:
        """Whether its session is still being recorded."""
        return self._live.session_id == self._session_id

    @property
    def consent(self) -> Consent | None:
        """Of the person whose browser writes it."""
        return self._consent

    def end(self) -> None:
        """Take no more: what was taken is stored, and the session is over."""
        self._live.finish(self._session_id)

    @property
    def is_lost(self) -> bool:
        """Whether the server gave its tab up: it was closed, or out of reach for minutes."""
        return self._live.closed

    def admit_writer(self, consent: Consent) -> int:
        """The number of a new writer, which takes the place of the one before.

        Args:
            consent: of the person whose browser it is.
        """
        with self._lock:
            self._consent = consent
            self._delay = MessageDelay()
            return self._messages.admit(self._messages.writer + 1)

    def take(self, body: bytes, writer: int, clock_s: float) -> RowAnswer:
        """Take a message.

        Args:
            body: untrusted.
            writer: whose message it is.
            clock_s: now, monotonic.
        """
        with self._lock:
            if not self.is_open:
                return FORGOTTEN if self.is_lost else RowAnswer(AnswerKind.OVER, OVER)
            if lost := self._live.lost:
                return RowAnswer(AnswerKind.OVER, lost)
            message = self._messages.next(body, writer, clock_s, self._expect)
            if isinstance(message, RowAnswer):
                return message
            return self._taken(message, body, clock_s)

    def _expect(self, message: Message) -> None:
        message.expect_after(self._last)
        message.expect_blendshapes()
        message.expect_outputs_of(self._card)

    def _taken(self, message: Message, body: bytes, clock_s: float) -> RowAnswer:
        late_s = self._delay.register(message.client_s, clock_s)
        shown: Sequence[Observation] | None = None
        for row in message.rows:
            age_s = message.client_s - row.time_s
            shown = self._record(row, (clock_s - age_s, clock_s), late_s)
            if shown is None:
                return RowAnswer(AnswerKind.OVER, OVER)
        next_number = self._messages.take(message, body)
        self._status = StreamStatus(
            state=message.state,
            rows=self._status.rows + len(message.rows),
            dropped=message.dropped,
            not_measured_s=self._status.not_measured_s
            + sum(one.end_s - one.begin_s for one in message.gaps),
            heard_s=clock_s,
        )
        if message.state is ReaderState.STOPPED:
            self._live.finish(self._session_id)
        return RowAnswer(
            AnswerKind.STORED,
            next_number=next_number,
            row=None if shown is None else _numbered(message.rows[-1], shown),
        )

    def _record(
        self, row: RowEntry, times_s: tuple[float, float], late_s: float
    ) -> Sequence[Observation] | None:
        """Record a row; returns what is shown of it, and None if the session is over.

        Args:
            times_s: when it was captured, had its message come at once; and now.
            late_s: delay of its message.
        """
        captured_s, clock_s = times_s
        if self._first_s is None:
            self._first_s = row.time_s
            self._opened_s = min(self._opened_s, captured_s)
        elapsed_s = row.time_s - self._shift_s - self._first_s
        self._shift_s += max(0.0, elapsed_s - (clock_s - self._opened_s) - MAX_AHEAD_S)
        self._last = row
        return self._live.process_reading(
            row.reading(shift_s=self._shift_s, late_s=late_s),
            captured_s=captured_s,
            session_id=self._session_id,
        )


def _numbered(row: RowEntry, shown: Sequence[Observation]) -> NumberedRow:
    faces = (
        NumberedFace(
            one.track_id,
            one.box,
            () if one.steady is None else tuple(one.steady.values.tolist()),
        )
        for one in shown
    )
    return NumberedRow(row.time_s, tuple(faces))
