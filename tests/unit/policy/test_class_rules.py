"""What classes may share and show: one table of region, purpose and the second switch."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.domain.classroom import SECOND_BY_SECOND, Classroom, Shared
from core.policy import (
    Purpose,
    Region,
    UsePolicy,
    class_notice,
    class_notice_version,
    class_refusal,
    class_rules,
    retention_days,
)
from tests.classes import EVERYTHING, IN_EUROPE, OPENED_AT

PRESENCE, ALL = (Shared.PRESENT,), SECOND_BY_SECOND
AND_ROWS = (*ALL, Shared.ROWS)
AND_HEADS = (Shared.PRESENT, Shared.FACING)
EU, ELSEWHERE = Region.EU_EEA, Region.ELSEWHERE

TABLE = {
    # region, purpose, second switch -> allowed, switchable, listed
    (EU, Purpose.SELF_PRACTICE, False): ((), (), ()),
    (EU, Purpose.SELF_PRACTICE, True): ((), (), ()),
    (EU, Purpose.RESEARCH, False): (PRESENCE, (Shared.FACING,), PRESENCE),
    (EU, Purpose.RESEARCH, True): (AND_HEADS, (Shared.FACING,), PRESENCE),
    (EU, Purpose.CLASSROOM, False): (PRESENCE, (Shared.FACING,), PRESENCE),
    (EU, Purpose.CLASSROOM, True): (AND_HEADS, (Shared.FACING,), PRESENCE),
    (ELSEWHERE, Purpose.SELF_PRACTICE, False): ((), (), ()),
    (ELSEWHERE, Purpose.SELF_PRACTICE, True): ((), (), ()),
    (ELSEWHERE, Purpose.RESEARCH, False): (AND_ROWS, (), ALL),
    (ELSEWHERE, Purpose.RESEARCH, True): (AND_ROWS, (), ALL),
    (ELSEWHERE, Purpose.CLASSROOM, False): (ALL, (), ALL),
    (ELSEWHERE, Purpose.CLASSROOM, True): (ALL, (), ALL),
}
PROHIBITED = re.compile("expression|attention|attentive|engage|interest|index|emotion", re.I)


def _classroom(new, **changes) -> Classroom:
    return Classroom(**vars(replace(new, **changes)), id="c", code="234567", opened_at=OPENED_AT)


CLASSES = {
    "presence": _classroom(IN_EUROPE),
    "presence, listed": _classroom(IN_EUROPE, is_listed=True),
    "heads": _classroom(IN_EUROPE, shared=AND_HEADS),
    "heads, listed": _classroom(IN_EUROPE, shared=AND_HEADS, is_listed=True),
    "everything": _classroom(EVERYTHING),
    "everything, of groups": _classroom(EVERYTHING, is_listed=False),
    "a study": _classroom(EVERYTHING, purpose="research"),
    "a study with rows": _classroom(EVERYTHING, purpose="research", shared=AND_ROWS),
}


def test_the_table_has_every_region_purpose_and_position_of_the_switch() -> None:
    every = {(where, why, on) for where in Region for why in Purpose for on in (False, True)}
    assert set(TABLE) == every


@pytest.mark.parametrize(("given", "expected"), TABLE.items(), ids=lambda one: str(one)[:70])
def test_what_may_be_shared_and_listed_is_in_the_table(given, expected) -> None:
    rules = class_rules(UsePolicy(*given))
    assert (rules.allowed, rules.switchable, rules.listed) == expected
    assert rules.smallest_group == 5
    assert bool(rules.refusal) == (not rules.allowed)


def test_whoever_practises_alone_is_told_where_the_own_face_is_read() -> None:
    refusal = class_rules(UsePolicy(ELSEWHERE)).refusal
    assert "Practice and Live camera" in refusal
    assert "change the purpose on Responsible use" in refusal


@pytest.mark.parametrize(
    ("policy", "room", "refused"),
    [
        (None, "presence", True),
        (UsePolicy(ELSEWHERE), "presence", True),
        (UsePolicy(EU, Purpose.CLASSROOM), "presence", False),
        (UsePolicy(EU, Purpose.CLASSROOM), "heads", True),
        (UsePolicy(EU, Purpose.CLASSROOM, heads_counted=True), "heads", False),
        (UsePolicy(EU, Purpose.CLASSROOM, heads_counted=True), "everything", True),
        (UsePolicy(EU, Purpose.RESEARCH), "everything", True),
        (UsePolicy(ELSEWHERE, Purpose.CLASSROOM), "everything", False),
        (UsePolicy(ELSEWHERE, Purpose.CLASSROOM), "presence", False),
    ],
    ids=str,
)
def test_a_class_shares_no_more_than_the_policy_of_now_allows(policy, room, refused) -> None:
    assert bool(class_refusal(policy, CLASSES[room])) is refused


def _words(room) -> str:
    return " ".join(f"{one.lead} {one.text}" for one in class_notice(room))


@pytest.mark.parametrize("room", CLASSES.values(), ids=CLASSES)
def test_every_notice_says_what_leaves_how_long_it_is_kept_and_how_it_ends(room) -> None:
    text = _words(room)
    assert "whether a face is before your camera" in text
    assert "the picture stays on your device" in text
    assert "only numbers are sent to this server" in text
    assert f"after {retention_days(room.purpose)} days" in text
    assert "pause or leave at any time" in text
    assert '"Delete what I shared"' in text
    assert "saying no has no consequence" in text
    assert "GDPR" in text


@pytest.mark.parametrize("room", ["presence", "presence, listed", "heads", "heads, listed"])
def test_the_notice_of_a_class_in_the_eu_speaks_of_nothing_prohibited(room) -> None:
    assert not PROHIBITED.search(_words(CLASSES[room]))


@pytest.mark.parametrize("room", CLASSES.values(), ids=CLASSES)
def test_a_notice_names_the_numbers_that_are_sent(room) -> None:
    text = _words(room)
    assert "where face and head are" in text
    moves = {Shared.ENGAGEMENT, Shared.EXPRESSIONS} & set(room.shared)
    assert ("how brows, eyes and mouth move" in text) is bool(moves)
    assert ("It tells what a face shows, not what you feel" in text) is bool(moves)
    assert ("It tells where face and head are, not what you feel" in text) is not bool(moves)
    assert "Only what is named above is kept" in text


def test_a_notice_says_who_sees_the_own_figures() -> None:
    listed = _words(CLASSES["everything"])
    groups = _words(CLASSES["everything, of groups"])
    assert "The teacher sees your figures beside the name you choose" in listed
    assert "never of fewer than 5 learners" in groups
    assert "Your own figures are shown to you alone" in groups
    heads = _words(CLASSES["heads, listed"])
    assert "never of fewer than 5 learners" in heads
    assert "Beside the name you choose the teacher sees whether you are present" in heads


def test_the_notice_of_a_study_says_who_can_open_what_is_recorded() -> None:
    study = _classroom(EVERYTHING, purpose="research", shared=AND_ROWS, is_listed=False)
    text = _words(study)
    assert "Whoever can open the pages of Mien on this server can open these sessions" in text
    assert "to you alone" not in text


def test_consent_to_one_notice_is_none_to_another() -> None:
    assert len({class_notice_version(one) for one in CLASSES.values()}) == len(CLASSES)
    renamed = replace(CLASSES["presence"], title="Another", id="d")
    assert class_notice_version(renamed) == class_notice_version(CLASSES["presence"])


def test_the_second_switch_stays_only_where_region_and_purpose_do() -> None:
    on = UsePolicy(EU, Purpose.CLASSROOM, heads_counted=True)
    assert on.changed_to(EU, Purpose.CLASSROOM) == on
    assert on.changed_to(EU, Purpose.RESEARCH) == UsePolicy(EU, Purpose.RESEARCH)
    assert on.changed_to(ELSEWHERE, Purpose.CLASSROOM) == UsePolicy(ELSEWHERE, Purpose.CLASSROOM)
