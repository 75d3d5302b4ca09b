"""Where the levels of all microphones arrive."""

from __future__ import annotations

from collections.abc import Callable

from core.domain.errors import NotAllowedHere
from core.domain.row_answer import MAX_LEVEL_BYTES
from core.eye.gate import session_to_write
from core.eye.level_stream import LevelStream, SaveLevels
from core.eye.stream_ingest import SessionIngest
from core.eye.token import TokenSigner
from core.live import Clocks, LiveSession
from core.policy import Consent, UsePolicy


class LevelIngest(SessionIngest[LevelStream]):
    """Takes the levels that browsers measure, for sessions that this server records: numbers, no
    sound. Thread-safe.

    Args:
        signer, clocks, policy: as of every `SessionIngest`.
        save: stores levels.
    """

    max_bytes = MAX_LEVEL_BYTES

    def __init__(
        self,
        signer: TokenSigner,
        *,
        clocks: Clocks,
        policy: Callable[[], UsePolicy | None],
        save: SaveLevels,
    ) -> None:
        super().__init__(signer, clocks=clocks, policy=policy)
        self._save = save

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
