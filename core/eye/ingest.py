"""Where the rows of all browsers arrive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from core.domain import ModelCard
from core.domain.row_answer import MAX_MESSAGE_BYTES, AnswerKind, RowAnswer
from core.eye.gate import Gate, session_to_write
from core.eye.row_stream import FORGOTTEN, OVER, RowStream, StreamStatus
from core.eye.token import TokenSigner
from core.live import Clocks, LiveSession
from core.policy import Consent, UsePolicy

NO_TOKEN = "The permission to write this session is missing or has expired. Start the camera again."
TOO_LARGE = f"A message has at most {MAX_MESSAGE_BYTES:,} bytes."

_NOBODY = 0
"""Number of a writer that never is admitted."""

_REMEMBERED = 10_000  # ids of sessions that are over


class RowIngest:
    """Takes the rows that browsers read, for sessions that this server records. Thread-safe.

    Args:
        signer: makes and checks tokens.
        clocks: time.
        policy: gives the stored one, also while sessions run; see `Gate`.
    """

    def __init__(
        self,
        signer: TokenSigner,
        *,
        clocks: Clocks,
        policy: Callable[[], UsePolicy | None],
    ) -> None:
        self._signer = signer
        self._clocks = clocks
        self._gate = Gate(policy)
        self._lock = Lock()
        self._streams: dict[str, RowStream] = {}
        self._over: deque[str] = deque(maxlen=_REMEMBERED)

    def open(
        self, live: LiveSession, card: ModelCard, *, policy: UsePolicy, consent: Consent | None
    ) -> str:
        """A token that lets a browser write the session that is being recorded.

        It is made behind the gates of the camera: what they require is checked again. Whoever had a
        token of this session before is told that another tab writes it, and messages are numbered
        from 0 again.

        Args:
            live: records the session.
            card: of the model that the browser will ask.
            policy: as stored.
            consent: of the person at the camera.
        Raises:
            NotAllowedHere: expressions may not be recognised here, nobody agreed to the notice, or
                no session is being recorded.
        """
        session_id, allowed = session_to_write(live, policy=policy, consent=consent)
        with self._lock:
            stream = self._streams.get(session_id) or RowStream(
                live, session_id, card, opened_s=self._clocks.seconds()
            )
            # Whoever ended is forgotten, also this live session's earlier one.
            open_ones = {name: one for name, one in self._streams.items() if one.is_open}
            ended = self._streams.keys() - open_ones.keys()
            self._over.extend(name for name in ended if not self._streams[name].is_lost)
            self._streams = open_ones | {session_id: stream}
        writer = stream.admit_writer(allowed)
        return self._signer.token(session_id, writer, now=self._clocks.now())

    def accept(self, token: str, body: bytes) -> RowAnswer:
        """Take a message; never raises for what a browser may send.

        Args:
            token, body: untrusted.
        """
        ticket = self._signer.ticket(token, now=self._clocks.now())
        if ticket is None:
            return RowAnswer(AnswerKind.NO_TOKEN, NO_TOKEN)
        if len(body) > MAX_MESSAGE_BYTES:
            return RowAnswer(AnswerKind.TOO_LARGE, TOO_LARGE)
        with self._lock:
            stream = self._streams.get(ticket.session_id)
            is_over = stream is None and ticket.session_id in self._over
        if is_over:  # the tab began another session
            return RowAnswer(AnswerKind.OVER, OVER)
        if stream is None:  # a session of this installation, of which this process knows nothing
            return FORGOTTEN
        clock_s = self._clocks.seconds()
        if refusal := self._gate.refusal(stream.consent, clock_s):
            stream.end()
            return RowAnswer(AnswerKind.OVER, refusal)
        return stream.take(body, ticket.writer, clock_s)

    def withdraw(self, session_id: str) -> None:
        """End a session whose person withdrew the consent: its rows that still come are refused.

        Nothing happens where no browser writes it.
        """
        with self._lock:
            stream = self._streams.get(session_id)
        if stream is not None:
            stream.end()

    def receipt(self, session_id: str) -> str:
        """A signed note that a tab records this session; nobody can write rows with it."""
        return self._signer.token(session_id, _NOBODY, now=self._clocks.now())

    def session_of(self, receipt: str) -> tuple[str, datetime] | None:
        """Id of the session that a receipt was made for, and when; None if it is none, or has
        expired.

        Args:
            receipt: untrusted; may be from before this server was started.
        """
        ticket = self._signer.ticket(receipt, now=self._clocks.now())
        if ticket is None or ticket.writer != _NOBODY:
            return None
        return ticket.session_id, self._signer.made_at(ticket)

    def status(self, session_id: str) -> StreamStatus | None:
        """What the browser of a session said last; None for a session without one."""
        with self._lock:
            stream = self._streams.get(session_id)
        return None if stream is None else stream.status
