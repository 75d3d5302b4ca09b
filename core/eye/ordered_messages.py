"""The messages of one stream: each once, in order, and no more than its device gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from core.domain.counted import counted
from core.domain.row_answer import AnswerKind, RowAnswer
from core.eye.rate_limit import RateLimit
from core.eye.sequence import MessageOrder, Turn

MESSAGES_PER_S, MESSAGE_BURST = 5.0, 40.0
"""The browser sends one a second, and four after an interruption."""

OTHER_TAB = "Another tab writes this session already. Close one, and start the camera again."


class Numbered(Protocol):
    """A message."""

    @property
    def sequence(self) -> int:
        """Its number, from 0."""
        ...


M = TypeVar("M", bound=Numbered)


@dataclass(frozen=True)
class MessageKind(Generic[M]):
    """What messages of a stream are.

    Attributes:
        parse: gives the message of a body; raises a ValueError where it is none.
        count: how much is in a message.
        what, device: of what, and what gives it, in words.
        per_second, burst: what the device gives on average, and what the browser's queue holds.
        other_tab: what a writer is told whose place another one took.
    """

    parse: Callable[[bytes], M]
    count: Callable[[M], int]
    what: str
    device: str
    per_second: float
    burst: float
    other_tab: str = OTHER_TAB


class OrderedMessages(Generic[M]):
    """Decides which message is taken. Not thread-safe.

    Args:
        kind: of the messages.
    """

    def __init__(self, kind: MessageKind[M]) -> None:
        self._kind = kind
        self._writer = 0
        self._order = MessageOrder()
        self._messages = RateLimit(per_second=MESSAGES_PER_S, burst=MESSAGE_BURST)
        self._amount = RateLimit(per_second=kind.per_second, burst=kind.burst)

    @property
    def writer(self) -> int:
        """Number of the writer whose messages are taken; 0 before the first."""
        return self._writer

    def admit(self, writer: int) -> int:
        """Take the messages of a writer from now on, in place of the one before: they are numbered
        from 0. Returns its number.
        """
        self._writer = writer
        self._order = MessageOrder()
        return writer

    def next(
        self, body: bytes, writer: int, clock_s: float, check: Callable[[M], None]
    ) -> M | RowAnswer:
        """The message whose turn it is; otherwise what the browser is told.

        Args:
            body: untrusted.
            writer: whose message it is.
            clock_s: now, monotonic.
            check: raises a ValueError where the message does not fit those before.
        """
        if writer != self._writer:
            return RowAnswer(AnswerKind.OVER, self._kind.other_tab)
        if wait_s := self._messages.wait_s(1, clock_s):
            return self._too_fast("messages", wait_s)
        self._messages.take(1)
        try:
            message = self._kind.parse(body)
            turn = self._order.turn(message.sequence, body)
            if turn is not Turn.NOW:
                return self._told(turn)
            check(message)
        except ValueError as error:
            sentence = f"The message is not valid: {str(error)[:200]}."
            return RowAnswer(AnswerKind.INVALID, sentence)
        if wait_s := self._amount.wait_s(self._kind.count(message), clock_s):
            return self._too_fast(self._kind.what, wait_s)
        return message

    def take(self, message: M, body: bytes) -> int:
        """Register that this message was taken; returns the number that is expected next."""
        self._amount.take(self._kind.count(message))
        self._order.advance(body)
        return self._order.next_number

    def not_now(self, sentence: str, wait_s: float) -> RowAnswer:
        """The message has to be sent again later."""
        return self._later(AnswerKind.NOT_NOW, sentence, wait_s)

    def _told(self, turn: Turn) -> RowAnswer:
        expected = self._order.next_number
        if turn is Turn.OTHER_WRITER:
            return RowAnswer(AnswerKind.OVER, self._kind.other_tab)
        if turn is Turn.AGAIN:
            return RowAnswer(AnswerKind.STORED, next_number=expected)
        sentence = f"Message {expected:,} is expected next."
        return RowAnswer(AnswerKind.OTHER_NUMBER, sentence, next_number=expected)

    def _too_fast(self, what: str, wait_s: float) -> RowAnswer:
        seconds = counted(max(1, round(wait_s)), "second")
        sentence = f"More {what} than a {self._kind.device} gives: send the rest in {seconds}."
        return self._later(AnswerKind.TOO_FAST, sentence, wait_s)

    def _later(self, kind: AnswerKind, sentence: str, wait_s: float) -> RowAnswer:
        return RowAnswer(kind, sentence, next_number=self._order.next_number, retry_after_s=wait_s)
