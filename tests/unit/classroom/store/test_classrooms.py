"""Classes are opened, found by code and links, closed, and deleted with everything in them."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select, update

from core.classroom import (
    add_flag,
    add_mark,
    append_room_seconds,
    append_seconds,
    classroom,
    classroom_of_code,
    classroom_of_link,
    classroom_of_projector,
    classroom_of_teacher,
    classrooms,
    close_classroom,
    delete_classroom,
    learners_of,
    link_token,
    link_token_of_projector,
    open_classroom,
    projector_token,
    reopen_classroom,
)
from core.domain.classroom import (
    SECOND_BY_SECOND,
    ClassMark,
    Flag,
    FlagKind,
    MarkKind,
    RoomSecond,
)
from core.domain.errors import StoreError, UnknownClassroom
from core.storage import classroom_tables, tables
from tests.classes import EVERYTHING, IN_EUROPE, OPENED_AT, joined, opened, seconds
from tests.hostile import WORDS

LATER = OPENED_AT + timedelta(minutes=45)


def _fill(store, room):
    """Something in every table of a class."""
    learner = joined(store, room.id).learner
    append_seconds(store, room.id, seconds([(0, 1), (1, 1)]))
    add_flag(store, room.id, Flag(1, 2.0, FlagKind.LOST))
    add_mark(store, room.id, ClassMark(1.0, MarkKind.SLIDE))
    append_room_seconds(store, room.id, [RoomSecond(0, 9, 8, 7, ((9, 8, 7),))])
    return learner


def test_an_opened_class_is_found_by_code_link_and_teachers_secret(store):
    room, secret = vars(opened(store)).values()
    other = opened(store, IN_EUROPE, seed=1)
    assert room.is_open
    assert (room.title, room.shared, room.opened_at) == (
        "Photosynthesis",
        SECOND_BY_SECOND,
        OPENED_AT,
    )
    assert classroom(store, room.id) == room
    assert classroom_of_code(store, room.code) == room
    assert classroom_of_link(store, link_token(secret)) == room
    assert classroom_of_teacher(store, secret) == room
    assert classroom_of_teacher(store, other.teacher_secret) == other.classroom
    assert {one.id for one in classrooms(store)} == {room.id, other.classroom.id}


@pytest.mark.parametrize("wrong", ["", "x", "\0", "\ud800", "a" * 10_000, WORDS])
def test_no_secret_but_the_own_one_opens_anything(store, wrong):
    room, secret = vars(opened(store)).values()
    for find in (classroom_of_teacher, classroom_of_link, classroom_of_code):
        assert find(store, wrong) is None
    assert classroom_of_teacher(store, link_token(secret)) is None
    shown = projector_token(secret)
    assert classroom_of_projector(store, shown) is not None
    assert link_token_of_projector(shown) == link_token(secret)
    assert classroom_of_teacher(store, shown) is classroom_of_link(store, shown) is None
    assert classroom_of_projector(store, link_token(secret)) is None
    assert classroom_of_projector(store, secret) is None
    assert classroom_of_link(store, secret) is None
    assert classroom_of_link(store, room.code) is None


def test_no_secret_is_stored(store):
    secret = opened(store).teacher_secret
    with store.transaction("read") as connection:
        (row,) = connection.execute(select(classroom_tables.classrooms)).all()
    assert not {secret, link_token(secret), projector_token(secret)} & set(map(str, row))


def test_no_two_classes_have_one_code(store):
    draws = iter([b"a" * 16, b"\1" * 6, b"b" * 16, b"\1" * 6, b"\2" * 6])

    def opened_with(seed):
        rng = np.random.default_rng(seed)
        return open_classroom(
            store, EVERYTHING, now=OPENED_AT, rng=rng, draw=lambda _: next(draws)
        ).classroom.code

    assert (opened_with(0), opened_with(1)) == ("333333", "444444")


def test_a_closed_class_has_no_code_but_its_links_until_it_is_opened_again(store):
    room, secret = vars(opened(store)).values()
    close_classroom(store, room.id, now=LATER)
    close_classroom(store, room.id, now=LATER + timedelta(hours=1))
    assert classroom_of_code(store, room.code) is None
    closed = replace(room, closed_at=LATER)
    assert classroom_of_link(store, link_token(secret)) == closed
    assert classroom_of_teacher(store, secret) == closed
    reopen_classroom(store, room.id)
    assert classroom_of_code(store, room.code) == room


def test_a_deleted_class_leaves_nothing_and_no_other_loses_anything(store):
    room, other = opened(store).classroom, opened(store, seed=1).classroom
    _fill(store, room)
    _fill(store, other)
    delete_classroom(store, room.id)
    assert classrooms(store) == (other,)
    assert len(learners_of(store, other.id)) == 1
    delete_classroom(store, other.id)
    with store.transaction("read") as connection:
        for name in classroom_tables.NAMES:
            assert connection.execute(select(tables.metadata.tables[name])).all() == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: classroom(store, "gone"),
        lambda store: close_classroom(store, "gone", now=LATER),
        lambda store: reopen_classroom(store, "gone"),
        lambda store: delete_classroom(store, "gone"),
        lambda store: learners_of(store, "gone"),
        lambda store: joined(store, "gone"),
        lambda store: append_seconds(store, "gone", seconds([(0, 1)])),
        lambda store: add_flag(store, "gone", Flag(1, 0.0, FlagKind.LOST)),
        lambda store: add_mark(store, "gone", ClassMark(0.0, MarkKind.SLIDE)),
    ],
    ids=["read", "close", "reopen", "delete", "learners", "join", "append", "flag", "mark"],
)
def test_a_class_that_is_not_there_is_said_so(store, ask):
    with pytest.raises(UnknownClassroom, match="There is no such class"):
        ask(store)


@pytest.mark.parametrize(
    ("title", "stored"),
    [
        ("  Light\nand\tshade\x07 ", "Light and shade"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<b>& *x*", "<b>& *x*"),
        ("a\0b\u2028c", "a b c"),
    ],
)
def test_a_title_becomes_one_line_of_what_can_be_seen(store, title, stored):
    room = opened(store, replace(EVERYTHING, title=title)).classroom
    assert classroom(store, room.id).title == room.title == stored


@pytest.mark.parametrize("title", ["", " \n", "\0\x07", "x" * 121])
def test_a_title_that_says_nothing_or_too_much_opens_nothing(store, title):
    with pytest.raises(ValueError, match="a title is one line of 1 to 120"):
        opened(store, replace(EVERYTHING, title=title))
    assert classrooms(store) == ()


def test_a_damaged_class_hides_no_other_and_can_be_deleted(store, caplog):
    room, other = opened(store).classroom, opened(store, seed=1).classroom
    with store.transaction("written") as connection:
        table = classroom_tables.classrooms
        connection.execute(update(table).where(table.c.id == room.id).values(shared="["))
    with caplog.at_level(logging.WARNING):
        assert classrooms(store) == (other,)
    assert room.id in caplog.text
    with pytest.raises(StoreError, match="cannot be read"):
        classroom(store, room.id)
    delete_classroom(store, room.id)
