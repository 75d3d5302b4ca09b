"""Levels come back as they were stored: once for each tenth, and none for tenths without one."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from sqlalchemy import select, update

from core.domain.errors import StoreError, UnknownSession
from core.domain.sound_levels import SoundLevels
from core.practice import append_levels, levels_of
from core.storage import tables
from tests.make import make_session


def levels(tenths, level_db):
    """Levels in the middle of these tenths."""
    time_s = np.array([(one + 0.5) / 10 for one in tenths])
    return SoundLevels(time_s, np.array(level_db, np.float32))


def same(found, expected):
    np.testing.assert_array_equal(found.time_s, expected.time_s)
    np.testing.assert_array_equal(found.level_db, expected.level_db)


@pytest.fixture
def session(store):
    """A store with one session."""
    store.begin(make_session("a"))
    return store


def _blocks(store):
    with store.transaction("read") as connection:
        return connection.execute(select(tables.session_sound)).all()


def test_a_session_without_a_microphone_has_no_level(session):
    assert len(levels_of(session, "a")) == 0
    append_levels(session, "a", levels([], []))
    assert len(levels_of(session, "a")) == 0
    assert _blocks(session) == []


def test_levels_come_back_to_half_a_decibel_without_those_that_were_not_measured(session):
    append_levels(session, "a", levels([0, 1, 2, 7, 8], [0, -0.2, -0.3, -99.8, -100]))
    append_levels(session, "a", levels([20], [-41.3]))
    same(levels_of(session, "a"), levels([0, 1, 2, 7, 8, 20], [0, 0, -0.5, -100, -100, -41.5]))


def test_a_level_that_comes_twice_or_late_is_there_once(session):
    append_levels(session, "a", levels(range(10, 20), [-30] * 10))
    append_levels(session, "a", levels(range(10, 20), [-50] * 10))
    append_levels(session, "a", levels(range(5, 15), [-60] * 10))
    same(levels_of(session, "a"), levels(range(5, 20), [-60] * 5 + [-30] * 10))


def test_times_within_a_tenth_are_of_that_tenth(session):
    times = np.array([0.0, 0.1, 0.30000000000000004, 0.39, 0.7])
    append_levels(session, "a", SoundLevels(times, np.full(5, -20, np.float32)))
    found = levels_of(session, "a").time_s
    assert found.tolist() == pytest.approx([0.05, 0.15, 0.35, 0.75])


def test_ten_levels_take_few_bytes_and_a_gap_of_an_hour_none(session):
    append_levels(session, "a", levels(range(10), range(-60, -50)))
    (block,) = _blocks(session)
    assert len(block.content) < 30
    append_levels(session, "a", levels([100, 36_100], [-20, -30]))
    assert [one.first_s for one in _blocks(session)] == [0, 10, 3610]
    assert len(levels_of(session, "a")) == 12


def test_levels_are_deleted_with_their_session(session):
    session.begin(make_session("b"))
    for name in ("a", "b"):
        append_levels(session, name, levels([1], [-20]))
    session.delete("a")
    same(levels_of(session, "b"), levels([1], [-20]))
    assert len(_blocks(session)) == 1


def test_without_its_session_nothing_is_stored(session):
    with pytest.raises(UnknownSession, match="'x'"):
        append_levels(session, "x", levels([1], [-20]))
    with pytest.raises(UnknownSession, match="'x'"):
        levels_of(session, "x")
    assert _blocks(session) == []


@pytest.mark.parametrize("tenth", [-1, 36_000_000])
def test_a_time_outside_every_session_is_refused(session, tenth):
    with pytest.raises(ValueError, match="within a session"):
        append_levels(session, "a", levels([tenth], [-20]))
    assert _blocks(session) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"form": 2}, "format 2; this Mien knows format 1"),
        ({"content": b"no block"}, "damaged"),
        ({"content": zlib.compress(bytes(9))[:-3]}, "damaged"),
    ],
    ids=["newer", "other", "cut"],
)
def test_a_block_that_cannot_be_read_is_told(session, change, words):
    append_levels(session, "a", levels([1], [-20]))
    with session.transaction("written") as connection:
        connection.execute(update(tables.session_sound).values(**change))
    with pytest.raises(StoreError, match=words):
        levels_of(session, "a")


def test_a_stored_step_below_the_lowest_level_counts_as_the_lowest(session):
    append_levels(session, "a", levels([1], [-20]))
    with session.transaction("written") as connection:
        content = zlib.compress(bytes([254]))
        connection.execute(update(tables.session_sound).values(content=content))
    same(levels_of(session, "a"), levels([1], [-100]))
