"""What learners say and the teacher marks is kept in order of time."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import update

from core.classroom import (
    add_flag,
    add_mark,
    append_room_seconds,
    delete_mark,
    flags_of,
    marks_of,
    room_seconds_of,
)
from core.domain.classroom import ClassMark, Flag, FlagKind, MarkKind, RoomSecond
from core.storage import classroom_tables
from tests.classes import joined, opened
from tests.hostile import WORDS


@pytest.fixture
def room(store):
    found = opened(store).classroom
    joined(store, found.id)
    return found


def test_flags_come_back_in_order_of_time(store, room):
    said = [Flag(1, 9.5, FlagKind.QUESTION, "Why?"), Flag(1, 3.0, FlagKind.LOST)]
    for one in said:
        add_flag(store, room.id, one)
    assert flags_of(store, room.id) == (said[1], said[0])


def test_words_of_a_question_are_kept_as_one_line_as_they_are(store, room):
    add_flag(store, room.id, Flag(1, 1.0, FlagKind.QUESTION, f"a\n\x07b\u202e {WORDS[:200]}"))
    (found,) = flags_of(store, room.id)
    assert found.words.startswith("a b ")
    assert found.words.isprintable()


@pytest.mark.parametrize("words", ["\x07", "\u202e\u200b"])
def test_a_question_of_what_nobody_can_see_is_refused(store, room, words):
    with pytest.raises(ValueError, match="a question has words"):
        add_flag(store, room.id, Flag(1, 1.0, FlagKind.QUESTION, words))
    assert flags_of(store, room.id) == ()


def test_marks_come_back_in_order_and_one_can_be_deleted(store, room):
    slide, topic = ClassMark(9.0, MarkKind.SLIDE), ClassMark(3.0, MarkKind.TOPIC, "Light")
    for one in (slide, topic):
        add_mark(store, room.id, one)
    assert marks_of(store, room.id) == (topic, slide)
    delete_mark(store, room.id, topic)
    delete_mark(store, room.id, topic)
    assert marks_of(store, room.id) == (slide,)


def test_of_a_second_that_a_camera_gives_twice_the_first_is_kept(store, room):
    first, again = RoomSecond(4, 9, 8, 7, ((9, 8, 7),)), RoomSecond(4, 1, 1, 1, ())
    later = RoomSecond(5, 0, 0, 0, ())
    append_room_seconds(store, room.id, [first, again])
    append_room_seconds(store, room.id, [again, later])
    append_room_seconds(store, room.id, [])
    assert room_seconds_of(store, room.id) == (first, later)
    assert room_seconds_of(store, room.id, after=4) == (later,)


def test_what_is_damaged_hides_nothing_else(store, room, caplog):
    good = Flag(1, 1.0, FlagKind.LOST)
    for one in (good, Flag(1, 2.0, FlagKind.FINE)):
        add_flag(store, room.id, one)
    add_mark(store, room.id, ClassMark(1.0, MarkKind.SLIDE))
    append_room_seconds(store, room.id, [RoomSecond(0, 1, 1, 1, ())])
    flags = classroom_tables.classroom_flags
    with store.transaction("written") as connection:
        connection.execute(update(flags).where(flags.c.time_s == 2.0).values(kind="shout"))
        connection.execute(update(classroom_tables.classroom_marks).values(kind="page"))
        connection.execute(update(classroom_tables.classroom_room_seconds).values(seats="["))
    with caplog.at_level(logging.WARNING):
        assert flags_of(store, room.id) == (good,)
        assert marks_of(store, room.id) == room_seconds_of(store, room.id) == ()
    assert caplog.text.count("left out") == 3
