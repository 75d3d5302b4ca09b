"""The rules that follow from region and purpose."""

from __future__ import annotations

import itertools
from hashlib import sha256

import pytest

from core.policy import Purpose, Region, UsePolicy, purpose_named, retention_days
from core.policy.consent_notice import NOTICE_VERSION

EVERY_POLICY = [
    UsePolicy(region, purpose) for region, purpose in itertools.product(Region, Purpose)
]


def test_only_a_classroom_in_the_eu_shows_no_emotion() -> None:
    hidden = [one for one in EVERY_POLICY if not one.emotion_shown]
    assert hidden == [UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)]


def test_only_who_practises_alone_chooses_and_is_watched_at_once() -> None:
    for_oneself = {one.purpose for one in EVERY_POLICY if one.is_for_oneself}
    assert for_oneself == {Purpose.SELF_PRACTICE}


@pytest.mark.parametrize("name", [None, "", "SELF_PRACTICE", "self practice", "hiring"])
def test_a_name_from_outside_that_is_no_purpose_is_none(name: str | None) -> None:
    assert purpose_named(name) is None


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_is_found_by_its_value(purpose: Purpose) -> None:
    assert purpose_named(purpose.value) is purpose


def test_self_practice_is_the_default_purpose() -> None:
    assert UsePolicy(Region.ELSEWHERE).purpose is Purpose.SELF_PRACTICE


def test_without_expressions_figures_cover_five_people_and_the_notice_says_so() -> None:
    policy = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    assert policy.smallest_group == 5
    assert "at least 5" in policy.notice[0]
    assert "no emotion" in policy.notice[0]


@pytest.mark.parametrize("policy", EVERY_POLICY)
def test_every_notice_says_shown_is_not_felt_and_that_no_picture_is_stored(
    policy: UsePolicy,
) -> None:
    text = " ".join(policy.notice)
    assert "not what a person feels" in text
    assert "only numbers are stored" in text
    assert "how open your eyes are" in text


@pytest.mark.parametrize("policy", EVERY_POLICY)
def test_every_notice_says_what_each_eye_sends_who_reads_it_and_for_how_long(
    policy: UsePolicy,
) -> None:
    text = " ".join(policy.notice)
    assert "the picture stays on this device, and only numbers are sent to this server" in text
    assert "the picture is sent to this server, analysed in memory and not stored" in text
    assert "only how loud it is (ten numbers a second) is measured, sent and stored" in text
    assert "never sound or words" in text
    assert "Everyone who can open this installation" in text
    assert f"after {retention_days(policy.purpose)} days" in text


def test_words_of_the_notice_change_together_with_its_version() -> None:
    words = "\n".join(sentence for policy in EVERY_POLICY for sentence in policy.notice)
    digest = sha256(words.encode()).hexdigest()[:12]
    assert (NOTICE_VERSION, digest) == (5, "0b6060c6c0aa"), "raise NOTICE_VERSION"


def test_every_policy_has_a_notice_version_of_its_own() -> None:
    assert len({one.notice_version for one in EVERY_POLICY}) == len(EVERY_POLICY)


@pytest.mark.parametrize("policy", EVERY_POLICY)
def test_every_notice_names_the_gdpr_and_where_consent_is_withdrawn(policy: UsePolicy) -> None:
    text = " ".join(policy.notice)
    assert "withdraw this consent on the page Responsible use" in text
    assert "GDPR" in text
