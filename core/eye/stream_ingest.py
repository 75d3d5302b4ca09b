"""Where messages of browsers arrive: each goes to the stream of its session."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Lock
from typing import ClassVar, Generic, Protocol, TypeVar

from core.domain.row_answer import AnswerKind, RowAnswer
from core.eye.gate import Gate
from core.eye.row_stream import FORGOTTEN
from core.eye.token import Ticket, TokenSigner
from core.live import Clocks
from core.policy import Consent, UsePolicy

NO_TOKEN = "The permission to write this session is missing or has expired. Start the camera again."


class Stream(Protocol):
    """What a browser writes; used by many threads."""

    def take(self, body: bytes, writer: int, clock_s: float) -> RowAnswer:
        """Take a message, which is untrusted, of a writer that was admitted."""
        ...

    def end(self) -> None:
        """Take no more."""
        ...


class SessionStream(Stream, Protocol):
    """What a browser writes of one session."""

    @property
    def consent(self) -> Consent | None:
        """Of the person whose browser writes; None before the first writer."""
        ...


S = TypeVar("S", bound=Stream)
OfSession = TypeVar("OfSession", bound=SessionStream)


class StreamIngest(ABC, Generic[S]):
    """Takes the messages of streams. Thread-safe.

    Args:
        signer: makes and checks tokens, of this purpose alone.
        clocks: time.
    """

    max_bytes: ClassVar[int]
    """Of a message."""

    def __init__(self, signer: TokenSigner, *, clocks: Clocks) -> None:
        self._signer = signer
        self._clocks = clocks
        self._lock = Lock()
        self._streams: dict[str, S] = {}

    def accept(self, token: str, body: bytes) -> RowAnswer:
        """Take a message; never raises for what a browser may send.

        Args:
            token, body: untrusted.
        """
        ticket = self._signer.ticket(token, now=self._clocks.now())
        if ticket is None:
            return RowAnswer(AnswerKind.NO_TOKEN, NO_TOKEN)
        if len(body) > self.max_bytes:
            sentence = f"A message has at most {self.max_bytes:,} bytes."
            return RowAnswer(AnswerKind.TOO_LARGE, sentence)
        with self._lock:
            stream = self._streams.get(ticket.session_id) or self._unknown(ticket)
        if isinstance(stream, RowAnswer):
            return stream
        clock_s = self._clocks.seconds()
        if refusal := self._refusal(stream, clock_s):
            stream.end()
            return RowAnswer(AnswerKind.OVER, refusal)
        return stream.take(body, ticket.writer, clock_s)

    @abstractmethod
    def _unknown(self, ticket: Ticket) -> S | RowAnswer:
        """The stream of a ticket that has none yet, or what its browser is told. Called under the
        lock.
        """

    @abstractmethod
    def _refusal(self, stream: S, clock_s: float) -> str:
        """Why a stream may take no more, in a sentence; empty where it may."""


class SessionIngest(StreamIngest[OfSession]):
    """Takes messages for sessions that this server records. Thread-safe.

    Args:
        signer, clocks: as of every `StreamIngest`.
        policy: gives the stored one, also while sessions run; see `Gate`.
    """

    def __init__(
        self,
        signer: TokenSigner,
        *,
        clocks: Clocks,
        policy: Callable[[], UsePolicy | None],
    ) -> None:
        super().__init__(signer, clocks=clocks)
        self._gate = Gate(policy)

    def withdraw(self, session_id: str) -> None:
        """End what is written of a session whose person withdrew the consent: what still comes is
        refused. Nothing happens where no browser writes it.
        """
        with self._lock:
            stream = self._streams.get(session_id)
        if stream is not None:
            stream.end()

    def _refusal(self, stream: OfSession, clock_s: float) -> str:
        return self._gate.refusal(stream.consent, clock_s)

    def _unknown(self, ticket: Ticket) -> OfSession | RowAnswer:  # noqa: ARG002
        return FORGOTTEN
