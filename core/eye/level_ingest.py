"""Where the levels of all microphones arrive."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from core.domain.errors import NotAllowedHere
from core.domain.row_answer import MAX_LEVEL_BYTES, AnswerKind, RowAnswer
from core.eye.gate import Gate, session_to_write
from core.eye.ingest import NO_TOKEN
from core.eye.level_stream import LevelStream, SaveLevels
from core.eye.row_stream import FORGOTTEN
from core.eye.token import TokenSigner
from core.live import Clocks, LiveSession
from core.policy import Consent, UsePolicy

TOO_LARGE = f"A message has at most {MAX_LEVEL_BYTES:,} bytes."


class LevelIngest:
    """Takes the levels that browsers measure, for sessions that this server records: numbers, no
    sound. Thread-safe.

    Args:
        signer: makes and checks tokens, of this purpose alone.
        clocks: time.
        policy: gives the stored one, also while sessions run; see `Gate`.
        save: stores levels.
    """

    def __init__(
        self,
        signer: TokenSigner,
        *,
        clocks: Clocks,
        policy: Callable[[], UsePolicy | None],
        save: SaveLevels,
    ) -> None:
        self._signer = signer
        self._clocks = clocks
        self._gate = Gate(policy)
        self._save = save
        self._lock = Lock()
        self._streams: dict[str, LevelStream] = {}

    def open(self, live: LiveSession, *, policy: UsePolicy, consent: Consent | None) -> str:
        """A token that lets a browser write levels of the session that is being recorded. Whoever
        had one before is told that another tab writes it.

        Args:
            live: records the session.
            policy: as stored.
            consent: of the person at the microphone.
        Raises:
            NotAllowedHere: as `RowIngest.open`.
        """
        session_id, allowed = session_to_write(live, policy=policy, consent=consent)
        time = live.time
        if time is None or live.session_id != session_id:
            raise NotAllowedHere("The session is over.", advice="Start the camera again.")
        with self._lock:
            stream = self._streams.get(session_id)
            if stream is None or not stream.is_open:
                stream = LevelStream(live, session_id, time, self._save)
            open_ones = {name: one for name, one in self._streams.items() if one.is_open}
            self._streams = open_ones | {session_id: stream}
        return self._signer.token(session_id, stream.admit_writer(allowed), now=self._clocks.now())

    def accept(self, token: str, body: bytes) -> RowAnswer:
        """Take a message; never raises for what a browser may send.

        Args:
            token, body: untrusted.
        """
        ticket = self._signer.ticket(token, now=self._clocks.now())
        if ticket is None:
            return RowAnswer(AnswerKind.NO_TOKEN, NO_TOKEN)
        if len(body) > MAX_LEVEL_BYTES:
            return RowAnswer(AnswerKind.TOO_LARGE, TOO_LARGE)
        with self._lock:
            stream = self._streams.get(ticket.session_id)
        if stream is None:
            return FORGOTTEN
        clock_s = self._clocks.seconds()
        if refusal := self._gate.refusal(stream.consent, clock_s):
            stream.end()
            return RowAnswer(AnswerKind.OVER, refusal)
        return stream.take(body, ticket.writer, clock_s)

    def withdraw(self, session_id: str) -> None:
        """Take no more levels of a session whose person withdrew the consent.

        Nothing happens where no browser writes any.
        """
        with self._lock:
            stream = self._streams.get(session_id)
        if stream is not None:
            stream.end()
