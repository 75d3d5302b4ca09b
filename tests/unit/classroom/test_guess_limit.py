"""Codes are read as people type them, and wrong ones are limited."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from core.classroom import GuessLimit, close_classroom, code_from
from core.classroom.codes import new_code
from core.domain.classroom import CODE_ALPHABET
from core.domain.errors import ClassroomRefusal
from core.sessions import SessionStore
from tests.classes import OPENED_AT, opened

HERE, THERE = "192.0.2.1", "2001:db8::2"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with SessionStore.open(f"sqlite:///{tmp_path_factory.mktemp('store')}/s.db") as opened_store:
        yield opened_store


@pytest.fixture(scope="module")
def room(store):
    return opened(store).classroom


@pytest.fixture
def clock():
    """Seconds; a test changes them."""
    return [0.0]


@pytest.fixture
def limit(clock):
    return GuessLimit(clock=lambda: clock[0])


@pytest.fixture
def wrong(room):
    """A code that no class has."""
    return next(code for one in CODE_ALPHABET if (code := one * 6) != room.code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ab3-k9z", "AB3K9Z"),
        (" a b 3 k 9 z\n", "AB3K9Z"),
        ("AB3K9", None),
        ("AB3K9ZZ", None),
        ("ABOK9Z", None),
        ("", None),
        ("\0\0\0\0\0\0", None),
        ("\u0661\u0662\u0663\u0664\u0665\u0666", None),
        ("A" * 1_000_000, None),
    ],
    ids=["dash", "spaces", "short", "long", "letter O", "nothing", "zeros", "digits", "huge"],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert code_from(typed) == code


def test_every_character_of_a_code_is_as_likely():
    drawn = [new_code(lambda count, one=one: bytes([one]) * count)[0] for one in range(256)]
    assert {one: drawn.count(one) for one in CODE_ALPHABET} == dict.fromkeys(CODE_ALPHABET, 8)


def test_right_codes_are_never_limited(limit, store, room):
    typed = f" {room.code[:3].lower()}-{room.code[3:]} "
    assert all(limit.find(store, typed, address=HERE) == room for _ in range(400))


def test_after_30_wrong_codes_one_address_waits_ten_seconds_for_each(
    limit, clock, store, room, wrong
):
    assert [limit.find(store, wrong, address=HERE) for _ in range(30)] == [None] * 30
    for code in (wrong, room.code):  # otherwise the refusal would tell which is right
        with pytest.raises(ClassroomRefusal, match=r"wrong\. Try again in 10 s, or use the link"):
            limit.find(store, code, address=HERE)
    assert limit.find(store, room.code, address=THERE) == room
    clock[0] += 10
    assert limit.find(store, wrong, address=HERE) is None
    with pytest.raises(ClassroomRefusal):
        limit.find(store, wrong, address=HERE)


def test_many_addresses_together_are_limited_too(limit, clock, store, room, wrong):
    for number in range(120):
        assert limit.find(store, wrong, address=f"192.0.2.{number}") is None
    with pytest.raises(ClassroomRefusal, match="in 2 s"):
        limit.find(store, room.code, address="198.51.100.1")
    clock[0] += 2
    assert limit.find(store, room.code, address="198.51.100.1") == room


def test_codes_that_are_tried_at_once_are_all_counted(limit, store, wrong):
    def tried(_):
        with suppress(ClassroomRefusal):
            limit.find(store, wrong, address=HERE)
            return 1
        return 0

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(tried, range(100))) == 30


def test_what_cannot_be_a_code_costs_nothing(limit, store, room):
    for _ in range(200):
        assert limit.find(store, "no code", address=HERE) is None
    assert limit.find(store, room.code, address=HERE) == room


def test_a_closed_class_has_no_code(limit, store):
    closed = opened(store, seed=5).classroom
    close_classroom(store, closed.id, now=OPENED_AT)
    assert limit.find(store, closed.code, address=HERE) is None
