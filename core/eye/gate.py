"""Whether faces may still be read, while a session runs."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from core.domain.errors import NotAllowedHere
from core.live import LiveSession
from core.policy import Consent, UsePolicy, require_expressions, require_use

LOOK_EVERY_S = 1.0
"""How often the stored policy is looked at, for all sessions together."""

OTHER_NOTICE = (
    "Region or purpose were changed: agree to the new notice, and start the camera again."
)


def session_to_write(
    live: LiveSession, *, policy: UsePolicy, consent: Consent | None
) -> tuple[str, Consent]:
    """The session that a browser may write, and the consent to it: what the gates of the camera
    require is checked again.

    Args:
        live: records the session.
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
    return session_id, consent


class Gate:
    """The gates of the camera, looked at again and again. May be shared by threads.

    Args:
        policy: gives the stored one; None where none is chosen. Raises a NotAllowedHere where it
            cannot be read.
    """

    def __init__(self, policy: Callable[[], UsePolicy | None]) -> None:
        self._policy = policy
        self._looked_s = -inf
        self._current: UsePolicy | None = None
        self._refusal = ""

    def refusal(self, consent: Consent | None, clock_s: float) -> str:
        """Why a session may take no more rows, in a sentence; empty where it may.

        Args:
            consent: of the person at the camera.
            clock_s: now, monotonic.
        """
        if not 0 <= clock_s - self._looked_s < LOOK_EVERY_S:
            self._look(clock_s)
        if self._refusal or self._current is None:
            return self._refusal
        return "" if consent is not None and consent.covers(self._current) else OTHER_NOTICE

    def _look(self, clock_s: float) -> None:
        try:
            self._current, self._refusal = require_use(self._policy()), ""
        except NotAllowedHere as error:
            self._current, self._refusal = None, str(error)
        self._looked_s = clock_s
