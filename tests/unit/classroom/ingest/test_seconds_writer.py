"""Seconds of all classes are stored once a second, and none is lost while the database is away."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from core.classroom import append_seconds_together, delete_classroom, read_seconds
from core.classroom.ingest import SecondsWriter, seconds_writer
from core.domain.row_answer import AnswerKind
from tests.classes import pairs, seconds
from tests.lessons import by_learner, make_lesson


def make_writer(store, **changes):
    return SecondsWriter(store, now=lambda: datetime(2026, 11, 30, tzinfo=UTC), **changes)


def until(holds, *, within_s=30.0):
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at, "it never came to hold"
        time.sleep(0.01)


def test_what_comes_is_stored_by_itself_and_the_thread_ends_when_nothing_is_left(lesson):
    lesson.join()
    writer = make_writer(lesson.store, every_s=0.01)
    for second in range(3):
        writer.add(lesson.classroom.id, seconds([(second, 1)]))
        until(lambda: writer.unsaved == 0)
    assert pairs(read_seconds(lesson.store, lesson.classroom.id)[0]) == [(0, 1), (1, 1), (2, 1)]
    until(lambda: not writer._thread._runs)


def test_several_classes_are_one_transaction(store, monkeypatch):
    lessons = [make_lesson(store, seed=seed) for seed in (1, 2)]
    together = []

    def counted(into, batches):
        together.append(len(batches))
        return append_seconds_together(into, batches)

    monkeypatch.setattr(seconds_writer, "append_seconds_together", counted)
    writer = make_writer(store, every_s=3600.0)
    for lesson in lessons:
        lesson.join()
        for second in range(2):
            writer.add(lesson.classroom.id, seconds([(second, 1)]))
    writer.close(wait_s=5.0)
    assert together == [2]
    for lesson in lessons:
        assert len(read_seconds(store, lesson.classroom.id)[0]) == 2


def test_while_the_database_is_away_messages_are_taken_and_nothing_is_lost(
    lesson, database, impatient
):
    ana = lesson.join()
    for _ in range(3):
        lesson.send(ana)
    away = database.with_name("away.db")
    lesson.ingest.writer.close(wait_s=5.0)
    database.rename(away)
    for _ in range(60):
        answer = lesson.send(ana)
        lesson.ingest.desk.refresh()
        assert answer.kind is AnswerKind.STORED
        assert answer.second is not None
    lesson.ingest.writer.close(wait_s=0.0)
    assert "is gone" in lesson.ingest.trouble
    assert lesson.ingest.writer.unsaved == 60
    away.rename(database)
    assert by_learner(lesson.stored()) == {1: list(range(63))}
    assert lesson.ingest.trouble == ""


def test_when_the_memory_for_them_is_full_browsers_keep_their_rows(
    lesson, database, impatient, monkeypatch
):
    monkeypatch.setattr(seconds_writer, "MAX_UNSAVED", 5)
    ana = lesson.join()
    away = database.with_name("away.db")
    database.rename(away)
    for _ in range(6):
        lesson.send(ana)
    lesson.ingest.writer.close(wait_s=0.0)
    lesson.clock.advance(1.0)
    body = ana.body()
    answer = lesson.ingest.accept(ana.token, body)
    assert (answer.kind, answer.retry_after_s > 0) == (AnswerKind.NOT_NOW, True)
    assert "is gone" in answer.sentence
    away.rename(database)
    lesson.ingest.writer.close(wait_s=5.0)
    assert lesson.ingest.accept(ana.token, body).kind is AnswerKind.STORED
    assert by_learner(lesson.stored()) == {1: list(range(7))}


def test_a_class_that_was_deleted_keeps_no_other_from_being_stored(store):
    lessons = [make_lesson(store, seed=seed) for seed in (1, 2)]
    writer = make_writer(store, every_s=3600.0)
    for lesson in lessons:
        lesson.join()
        writer.add(lesson.classroom.id, seconds([(0, 1)]))
    delete_classroom(store, lessons[0].classroom.id)
    writer.close(wait_s=5.0)
    assert writer.unsaved == 0


@pytest.mark.parametrize("bad", [0, 1])
def test_one_row_that_cannot_be_stored_keeps_no_other_class_from_being_stored(
    store, monkeypatch, bad
):
    lessons = [make_lesson(store, seed=seed) for seed in (1, 2)]

    def some(into, batches):
        if lessons[bad].classroom.id in batches:
            raise ValueError("a bad row")
        return append_seconds_together(into, batches)

    writer = make_writer(store, every_s=3600.0)
    monkeypatch.setattr(seconds_writer, "append_seconds_together", some)
    for lesson in lessons:
        lesson.join()
        writer.add(lesson.classroom.id, seconds([(0, 1)]))
    writer.close(wait_s=5.0)
    assert writer.unsaved == 0
    assert len(read_seconds(store, lessons[1 - bad].classroom.id)[0]) == 1
