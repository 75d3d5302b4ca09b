"""Where the rows of all browsers arrive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from core.domain import ModelCard
from core.domain.row_answer import MAX_MESSAGE_BYTES, AnswerKind, RowAnswer
from core.eye.gate import session_to_write
from core.eye.row_stream import FORGOTTEN, OVER, RowStream, StreamStatus
from core.eye.stream_ingest import SessionIngest
from core.eye.token import Ticket, TokenSigner
from core.live import Clocks, LiveSession
from core.policy import Consent, UsePolicy

_NOBODY = 0
"""Number of a writer that never is admitted."""

_REMEMBERED = 10_000  # ids of sessions that are over


class RowIngest(SessionIngest[RowStream]):
    """Takes the rows that browsers read, for sessions that this server records. Thread-safe."""

    max_bytes = MAX_MESSAGE_BYTES

    def __init__(
        self,
        signer: TokenSigner,
        *,
        clocks: Clocks,
        policy: Callable[[], UsePolicy | None],
    ) -> None:
        super().__init__(signer, clocks=clocks, policy=policy)
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

    def _unknown(self, ticket: Ticket) -> RowAnswer:
        """Whether the tab began another session, or this process knows nothing of it."""
        is_over = ticket.session_id in self._over
        return RowAnswer(AnswerKind.OVER, OVER) if is_over else FORGOTTEN
