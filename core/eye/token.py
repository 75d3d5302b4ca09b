"""Tokens that let a browser write the rows of one session: signed, and of limited life."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from core.domain.plain_values import from_plain, to_plain

TOKEN_LIFETIME = timedelta(hours=12)
"""Longer than any sitting."""

_REMEMBERED = 2000  # tokens, of some hundred bytes
ROWS, LEVELS, LEARNERS = "rows", "levels", "learners"
"""What tokens allow to write: a signature of one purpose does not fit the other."""


@dataclass(frozen=True)
class Ticket:
    """What a token says.

    Attributes:
        session_id: the session it was made for.
        writer: number of the writer of that session: a later one takes its place.
        until: seconds since 1970 at which it expires.
    """

    session_id: str
    writer: int
    until: float

    def __post_init__(self) -> None:
        if not self.session_id or not math.isfinite(self.until):
            raise ValueError("a ticket names a session and an end")


class TokenSigner:
    """Makes tokens and checks them; may be shared by threads.

    Args:
        secret: of this installation.
        purpose: of its tokens.
        lifetime: of a token.
    """

    def __init__(
        self, secret: bytes, *, purpose: str = ROWS, lifetime: timedelta = TOKEN_LIFETIME
    ) -> None:
        self._serializer = URLSafeSerializer(secret, salt=f"mien {purpose} 1")
        self._lifetime = lifetime
        self._known: dict[str, Ticket] = {}

    def token(self, session_id: str, writer: int, *, now: datetime) -> str:
        """A token for a writer of a session.

        Args:
            now: aware.
        """
        until = (now.astimezone(UTC) + self._lifetime).timestamp()
        return str(self._serializer.dumps(to_plain(Ticket(session_id, writer, until))))

    def made_at(self, ticket: Ticket) -> datetime:
        """When a ticket was made."""
        return datetime.fromtimestamp(ticket.until, UTC) - self._lifetime

    def ticket(self, token: str, *, now: datetime) -> Ticket | None:
        """What a token says; None if its signature is wrong, or it has expired.

        Args:
            token: untrusted.
            now: aware.
        """
        ticket = self._known.get(token) or self._opened(token)
        return ticket if ticket is not None and now.timestamp() < ticket.until else None

    def _opened(self, token: str) -> Ticket | None:
        """What a token says, whether it has expired or not; remembered, as a browser shows its
        token with every message.
        """
        try:
            ticket = from_plain(Ticket, self._serializer.loads(token))
        except (BadData, ValueError):
            return None
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[token] = ticket
        return ticket
