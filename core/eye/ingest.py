"""Where the rows of all browsers arrive."""

from __future__ import annotations

from threading import Lock

from core.domain import ModelCard
from core.domain.errors import NotAllowedHere
from core.domain.row_answer import MAX_MESSAGE_BYTES, AnswerKind, RowAnswer
from core.eye.row_stream import OVER, RowStream, StreamStatus
from core.eye.token import TokenSigner
from core.live import Clocks, LiveSession
from core.policy import Consent, UsePolicy, require_expressions

NO_TOKEN = "The permission to write this session is missing or has expired. Start the camera again."
TOO_LARGE = f"A message has at most {MAX_MESSAGE_BYTES:,} bytes."


class RowIngest:
    """Takes the rows that browsers read, for sessions that this server records. Thread-safe.

    Args:
        signer: makes and checks tokens.
        clocks: time.
    """

    def __init__(self, signer: TokenSigner, *, clocks: Clocks) -> None:
        self._signer = signer
        self._clocks = clocks
        self._lock = Lock()
        self._streams: dict[str, RowStream] = {}

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
        require_expressions(policy)
        if consent is None or not consent.covers(policy):
            raise NotAllowedHere(
                "Nobody has agreed to the current notice.", advice="Agree on the page Live camera."
            )
        session_id = live.session_id
        if session_id is None:
            raise NotAllowedHere("No session is being recorded.", advice="Start the camera.")
        with self._lock:
            stream = self._streams.get(session_id) or RowStream(
                live, session_id, card, opened_s=self._clocks.seconds()
            )
            # Whoever ended is forgotten, also this live session's earlier one.
            open_ones = {name: one for name, one in self._streams.items() if one.is_open}
            self._streams = open_ones | {session_id: stream}
        return self._signer.token(session_id, stream.admit_writer(), now=self._clocks.now())

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
        if stream is None:  # the server was restarted, or the tab began another session
            return RowAnswer(AnswerKind.OVER, OVER)
        return stream.take(body, ticket.writer, self._clocks.seconds())

    def status(self, session_id: str) -> StreamStatus | None:
        """What the browser of a session said last; None for a session without one."""
        with self._lock:
            stream = self._streams.get(session_id)
        return None if stream is None else stream.status
