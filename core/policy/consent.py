"""A person's consent, and what requires it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from core.domain.errors import NotAllowedHere
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.policy.use_policy import UsePolicy


@dataclass(frozen=True)
class Consent:
    """One person's consent to one notice.

    Attributes:
        given_at: aware, UTC.
        notice_version: of the notice that was on screen.
    """

    given_at: datetime
    notice_version: str

    def __post_init__(self) -> None:
        if self.given_at.utcoffset() is None:
            raise ValueError(f"consent needs a time with a time zone, got {self.given_at}")

    def covers(self, policy: UsePolicy) -> bool:
        """Whether this is consent to the policy's current notice."""
        return self.notice_version == policy.notice_version

    def to_text(self) -> str:
        """A JSON receipt that `consent_from` parses."""
        return json.dumps(to_plain(self))


def consent_from(text: str, *, now: datetime) -> Consent | None:
    """The consent of a receipt; None for anything else: the person is then asked again.

    Args:
        text: untrusted, from the browser's storage.
        now: aware; a receipt of a later time is invalid.
    """
    try:
        consent = from_plain(Consent, parse_json(text))
    except ValueError:
        return None
    return consent if consent.given_at <= now else None


def require_use(policy: UsePolicy | None) -> UsePolicy:
    """Require that expressions may be recognised in recordings and exported here.

    Raises:
        NotAllowedHere: region and purpose are not set, or a classroom in the EU or EEA.
    """
    if policy is None:
        raise NotAllowedHere(
            "Region and purpose are not set.",
            advice="Choose both on the page Responsible use, or with: python -m core use --help",
        )
    require_expressions(policy)
    return policy


def require_expressions(policy: UsePolicy) -> None:
    """Require that expressions may be shown here.

    Raises:
        NotAllowedHere: a classroom in the EU or EEA (AI Act, Art. 5(1)(f)).
    """
    if not policy.emotion_shown:
        raise NotAllowedHere(
            "In the EU and EEA, reading emotions of people in education is prohibited "
            "(AI Act, Article 5(1)(f)).",
            advice="If this is not a classroom, change the purpose on the page Responsible use.",
        )
