"""The levels of one session's microphone, from one browser."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import numpy as np

from core.domain.errors import StoreError, UnknownSession
from core.domain.row_answer import AnswerKind, RowAnswer
from core.domain.sound_levels import SoundLevels
from core.eye.level_message import LevelMessage, level_message_from
from core.eye.message_delay import MessageDelay
from core.eye.ordered_messages import MessageKind, OrderedMessages
from core.eye.row_stream import FORGOTTEN, OVER
from core.live import LiveSession, SessionTime
from core.policy import Consent

SaveLevels = Callable[[str, SoundLevels], None]
"""Stores levels of a session, in its time; those of tenths that have one change nothing. Raises a
StoreError where that is not possible now, UnknownSession where there is none of that id."""

LEVELS_PER_S, LEVEL_BURST = 20.0, 3_600.0
"""A microphone gives ten a second; the burst is what the browser's queue holds."""

_LEVELS: MessageKind[LevelMessage] = MessageKind(
    parse=level_message_from,
    count=lambda message: len(message.levels),
    what="levels",
    device="microphone",
    per_second=LEVELS_PER_S,
    burst=LEVEL_BURST,
)

NOT_BEGUN_S = 1.0
"""When to send levels again for which the session is not stored yet."""

_REFUSED_S = 5.0  # likewise, where the database refuses
_TENTHS_PER_S = 10


class LevelStream:
    """Takes the messages of one session, in order and once. Thread-safe.

    Levels get the session's time by when they were measured: those of a pause, and from before the
    session, are left out. Consecutive tenths of the browser stay consecutive tenths of the session,
    though messages come now sooner, now later.

    Args:
        live: records the session.
        session_id: of the session.
        time: of the session.
        save: stores levels.
    """

    def __init__(
        self, live: LiveSession, session_id: str, time: SessionTime, save: SaveLevels
    ) -> None:
        self._live = live
        self._session_id = session_id
        self._time = time
        self._save = save
        self._lock = Lock()
        self._consent: Consent | None = None
        self._ended = False
        self._messages = OrderedMessages(_LEVELS)
        self._begin_order()

    @property
    def is_open(self) -> bool:
        """Whether its session is still being recorded, and takes levels."""
        return not self._ended and self._live.session_id == self._session_id

    @property
    def consent(self) -> Consent | None:
        """Of the person whose microphone it is."""
        return self._consent

    def end(self) -> None:
        """Take no more: what was taken is stored."""
        self._ended = True

    def admit_writer(self, consent: Consent) -> int:
        """The number of a new writer, which takes the place of the one before."""
        with self._lock:
            self._consent = consent
            self._begin_order()
            return self._messages.admit(self._messages.writer + 1)

    def take(self, body: bytes, writer: int, clock_s: float) -> RowAnswer:
        """Take a message.

        Args:
            body: untrusted.
            writer: whose message it is.
            clock_s: now, monotonic.
        """
        with self._lock:
            if refusal := self._refusal():
                return refusal
            message = self._messages.next(body, writer, clock_s, lambda _: None)
            if isinstance(message, RowAnswer):
                return message
            if later := self._stored(message, clock_s):
                return later
            next_number = self._messages.take(message, body)
            return RowAnswer(AnswerKind.STORED, next_number=next_number)

    def _begin_order(self) -> None:
        self._delay = MessageDelay()
        self._waiting: tuple[int, float] | None = None  # a message, and its zero: see `_zero_s`
        self._last: tuple[float, int] | None = None  # when the last level was measured; its tenth

    def _refusal(self) -> RowAnswer | None:
        if not self.is_open:
            is_lost = self._live.closed and not self._ended
            return FORGOTTEN if is_lost else RowAnswer(AnswerKind.OVER, OVER)
        lost = self._live.lost
        return RowAnswer(AnswerKind.OVER, lost) if lost else None

    def _stored(self, message: LevelMessage, clock_s: float) -> RowAnswer | None:
        """Store a message's levels; returns what its browser is told where that failed."""
        placed = self._placed(message, self._zero_s(message, clock_s))
        if placed:
            time_s = np.array([(tenth + 0.5) / _TENTHS_PER_S for _, tenth, _ in placed])
            level_db = np.array([level for _, _, level in placed], np.float32)
            try:
                self._save(self._session_id, SoundLevels(time_s, level_db))
            except UnknownSession as error:
                if self._live.lost:
                    return RowAnswer(AnswerKind.OVER, str(error))
                # Its first rows are being stored.
                return self._messages.not_now("The session is not stored yet.", NOT_BEGUN_S)
            except StoreError as error:
                return self._messages.not_now(str(error), _REFUSED_S)
            self._last = placed[-1][:2]
        self._waiting = None
        return None

    def _zero_s(self, message: LevelMessage, clock_s: float) -> float:
        """When the browser's clock was 0, by this process's; of a message that is sent again, as it
        came first: how long it waited here is no delay on the way.
        """
        if self._waiting is None or self._waiting[0] != message.sequence:
            late_s = self._delay.register(message.client_s, clock_s)
            self._waiting = message.sequence, clock_s - late_s - message.client_s
        return self._waiting[1]

    def _placed(self, message: LevelMessage, zero_s: float) -> list[tuple[float, int, float]]:
        """When each level was measured by the browser's clock, its tenth of the session, and the
        level; those that belong to no tenth are left out.
        """
        placed: list[tuple[float, int, float]] = []
        last = self._last
        for place, (_, level_db) in enumerate(message.levels):
            measured_s = message.measured_s(place)
            time_s = self._time.at(zero_s + measured_s)
            if time_s is None or time_s < 0:
                continue
            tenth = _tenth_after(last, measured_s, int(time_s * _TENTHS_PER_S))
            if last is None or tenth > last[1]:
                last = (measured_s, tenth)
                placed.append((measured_s, tenth, level_db))
        return placed


def _tenth_after(last: tuple[float, int] | None, measured_s: float, tenth: int) -> int:
    """The tenth of a level: as far from the last one's as by the browser's clock, where the
    session's time differs by no more than one.
    """
    if last is None:
        return tenth
    expected = last[1] + round((measured_s - last[0]) * _TENTHS_PER_S)
    return expected if abs(tenth - expected) <= 1 else tenth
