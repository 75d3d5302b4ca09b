"""A yes, and what may not happen without it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import NotAllowedHere
from core.policy import Consent, Purpose, Region, UsePolicy, require, require_expressions

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PRACTICE = UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)


def test_consent_to_the_current_notice_lets_through() -> None:
    require(PRACTICE, Consent(NOON, PRACTICE.notice_version))


def test_without_a_chosen_use_nothing_starts() -> None:
    with pytest.raises(NotAllowedHere) as refused:
        require(None, Consent(NOON, PRACTICE.notice_version))
    assert "Responsible use" in refused.value.advice


@pytest.mark.parametrize(
    "consent",
    [None, Consent(NOON, "0-older"), Consent(NOON, UsePolicy(Region.ELSEWHERE).notice_version)],
    ids=["never given", "given to an older notice", "given elsewhere"],
)
def test_without_consent_to_this_notice_nothing_starts(consent: Consent | None) -> None:
    with pytest.raises(NotAllowedHere) as refused:
        require(PRACTICE, consent)
    assert "agree" in refused.value.advice


def test_a_classroom_in_the_eu_is_refused_with_the_article() -> None:
    with pytest.raises(NotAllowedHere, match=r"5\(1\)\(f\)") as refused:
        require_expressions(UsePolicy(Region.EU_EEA, Purpose.CLASSROOM))
    assert refused.value.advice


def test_practice_in_the_eu_and_a_classroom_elsewhere_show_expressions() -> None:
    require_expressions(PRACTICE)
    require_expressions(UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))


def test_consent_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Consent(datetime(2026, 11, 21, 12), "1")
