"""A yes, and what may not happen without a choice of where and for what."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.domain.errors import NotAllowedHere
from core.policy import (
    Consent,
    Purpose,
    Region,
    UsePolicy,
    consent_from,
    require_expressions,
    require_use,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PRACTICE = UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)
LESSON = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)


def test_consent_covers_the_notice_it_was_given_to_and_no_other() -> None:
    assert Consent(NOON, PRACTICE.notice_version).covers(PRACTICE)
    assert not Consent(NOON, "0-older").covers(PRACTICE)
    assert not Consent(NOON, UsePolicy(Region.ELSEWHERE).notice_version).covers(PRACTICE)


def test_consent_to_a_notice_that_named_one_way_of_reading_only_is_asked_again() -> None:
    assert not Consent(NOON, "3-eu-eea-self-practice").covers(PRACTICE)
    assert PRACTICE.notice_version == "5-eu-eea-self-practice"


def test_an_allowed_use_is_returned() -> None:
    assert require_use(PRACTICE) == PRACTICE


def test_without_a_chosen_use_nothing_starts() -> None:
    with pytest.raises(NotAllowedHere, match="Region and purpose are not set") as refused:
        require_use(None)
    assert "Responsible use" in refused.value.advice


@pytest.mark.parametrize("ask", [require_use, require_expressions])
def test_a_classroom_in_the_eu_is_refused_with_the_article(ask) -> None:
    with pytest.raises(NotAllowedHere, match=r"5\(1\)\(f\)") as refused:
        ask(LESSON)
    assert refused.value.advice


def test_practice_in_the_eu_and_a_classroom_elsewhere_show_expressions() -> None:
    require_expressions(PRACTICE)
    require_expressions(UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))


def test_consent_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Consent(datetime(2026, 11, 21, 12), "1")


def test_a_receipt_gives_the_same_consent_back_with_its_time() -> None:
    consent = Consent(NOON, PRACTICE.notice_version)
    written = {
        "given_at": "2026-11-21T12:00:00+00:00",
        "notice_version": PRACTICE.notice_version,
    }
    assert json.loads(consent.to_text()) == written
    assert consent_from(consent.to_text(), now=NOON + timedelta(hours=1)) == consent


@pytest.mark.parametrize(
    "receipt",
    [
        "",
        "yes",
        "[]",
        "null",
        json.dumps({"given_at": "2026-11-21T12:00:00+00:00"}),
        json.dumps({"given_at": 7, "notice_version": "1"}),
        json.dumps({"given_at": "2026-11-21T12:00:00", "notice_version": "1"}),  # no time zone
        json.dumps({"given_at": "2026-11-21T12:00:00+00:00", "notice_version": 1}),
        json.dumps({"given_at": "2026-11-21T12:00:01+00:00", "notice_version": "1"}),  # later
    ],
)
def test_what_is_no_receipt_counts_as_no_consent(receipt: str) -> None:
    assert consent_from(receipt, now=NOON) is None
