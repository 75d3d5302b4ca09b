from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import event, func, insert, select

from core.domain import (
    FER7,
    EmotionScores,
    Event,
    EventKind,
    HeadPose,
    LabelScheme,
    RejectReason,
    Segment,
    SegmentKind,
    Timeline,
    rounded_blendshapes,
)
from core.domain.errors import StoreError, UnknownSession
from core.sessions import SessionStore, begin_segment, segments_of
from core.settings import PROJECT_DIR
from core.storage import database, practice_tables, tables
from tests.calibrating import make_measured
from tests.make import BEGAN_AT, make_mark, make_moment, make_observation, make_session

LATER = BEGAN_AT + timedelta(hours=1)


@pytest.fixture
def moments():
    moved = rounded_blendshapes(np.random.default_rng(1).random(52))
    return [
        make_moment(
            0.0,
            make_observation(0.0),
            replace(make_observation(0.0, track_id=2), blendshapes=moved),
        ),
        make_moment(0.1),
        make_moment(0.2, make_observation(0.2, reason=RejectReason.TOO_DARK)),
    ]


def test_rows_are_read_back_bit_by_bit(store, moments):
    session = make_session()
    store.begin(session)
    store.append(session.id, moments[:2], now=LATER)
    store.append(session.id, moments[2:], now=LATER)
    read, wanted = store.read(session.id), Timeline.from_frames(FER7, moments)
    for name in vars(wanted):
        if name not in {"scheme", "events"}:
            one, other = getattr(read, name), getattr(wanted, name)
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name


def test_a_session_is_listed_with_its_rows_newest_first(store, moments):
    old, new = make_session("old"), make_session("new", began_at=LATER)
    for session in (old, new):
        store.begin(session)
    store.append("old", moments, now=LATER)
    first, second = store.sessions()
    assert (first.session, first.rows) == (new, 0)
    assert (second.session, second.rows, second.last_s) == (old, 4, 0.2)


def test_ending_renaming_and_deleting_change_one_session_only(store, moments):
    for name in ("a", "b"):
        store.begin(make_session(name))
        store.append(name, moments, now=LATER)
    store.end("a", ended_at=LATER)
    store.rename("a", "Müller's 中文 «title»")
    assert store.entry("a").session.ended_at == LATER
    assert store.entry("a").session.title == "Müller's 中文 «title»"
    assert store.entry("b").session.ended_at is None
    store.delete("a")
    assert [entry.session.id for entry in store.sessions()] == ["b"]
    assert len(store.read("b")) == 4


def _add_answer(store, session_id):
    """A try at a question that this session recorded, with a level of sound."""
    with store.transaction("written") as connection:

        def add(table, **row):
            return connection.execute(insert(table).values(**row)).inserted_primary_key[0]

        key = connection.execute(
            select(tables.sessions.c.key).where(tables.sessions.c.id == session_id)
        ).scalar_one()
        practice = {one: "x" for one in ("person", "set_name", "language", "site", "purpose")}
        practice |= {"questions": "[]", "think_s": 0, "answer_s": 1, "with_sound": 1}
        practice_key = add(
            practice_tables.practices, id=session_id, began_at="x", question_index=0, **practice
        )
        attempt = {"question_index": 0, "number": 1, "began_at": "x", "with_sound": 1}
        attempt_key = add(
            practice_tables.practice_attempts, id=session_id, practice_key=practice_key, **attempt
        )
        part = {"attempt_key": attempt_key, "session_key": key, "offset_s": 0, "begins_s": 0}
        add(practice_tables.attempt_parts, **part)
        add(tables.session_sound, session_key=key, first_s=0, form=1, content=b"x")


def test_nothing_of_a_deleted_session_stays_in_any_table(store, moments):
    paused = replace(make_moment(0.3, make_observation(0.3)), paused_s=2.0)
    for name in ("a", "b"):
        store.begin(make_session(name))
        store.append(name, [*moments, paused], now=LATER, events=[make_mark(0.1)])
        begin_segment(store, name, Segment(0.0, None, SegmentKind.QUESTION, "Why?"))
        store.set_calibration(name, 1, make_measured())
        _add_answer(store, name)
    of_sessions = [one for one in tables.metadata.sorted_tables if "session_key" in one.c]
    assert {one.name for one in tables.PARTS} == {one.name for one in of_sessions}

    def rows_in_each() -> dict[str, int]:
        with store.transaction("read") as connection:
            return {
                one.name: connection.execute(select(func.count()).select_from(one)).scalar_one()
                for one in (tables.sessions, *of_sessions)
            }

    of_both = rows_in_each()
    assert all(of_both.values()), of_both
    store.delete("a")
    assert rows_in_each() == {name: count // 2 for name, count in of_both.items()}
    store.delete("b")
    assert not any(rows_in_each().values())


def test_marks_keep_their_own_times_and_labels(store, moments):
    for name in ("marked", "other", "empty"):
        store.begin(make_session(name))
    asked, coughed = make_mark(0.07, "=question"), make_mark(0.05, "coughed; left")
    resumed = Event(3.5, EventKind.RESUMED, "resumed after 4 s")
    store.append("marked", moments[:2], now=LATER, events=[asked, coughed])
    store.append("marked", moments[2:], now=LATER)
    store.append("marked", [], now=LATER, events=[resumed])
    store.append("other", moments, now=LATER)
    store.append("empty", [], now=LATER, events=[asked])
    for name in ("marked", "other", "empty"):
        store.end(name, ended_at=LATER)
    assert store.read("marked").events == (coughed, asked, resumed)
    assert store.read("other").events == ()
    assert (store.read("empty").events, store.entry("empty").rows) == ((asked,), 0)
    store.delete("marked")
    store.begin(make_session("marked"))
    assert store.read("marked").events == ()


def test_a_program_that_follows_a_session_gets_each_mark_once_with_its_rows(store, moments):
    store.begin(make_session("a"))
    store.append("a", moments[:1], now=LATER, events=[make_mark(0.0, "at once")])
    store.append("a", [], now=LATER, events=[make_mark(0.05, "between")])
    first, rows = store.read_after("a", 0)
    store.append("a", moments[1:], now=LATER, events=[make_mark(0.4, "after all rows")])
    second, rows = store.read_after("a", rows)
    store.end("a", ended_at=LATER)
    third, _ = store.read_after("a", rows)
    said = [[event.words for event in part.events] for part in (first, second, third)]
    assert said == [["at once"], ["between"], ["after all rows"]]


def test_a_write_that_fails_stores_no_mark(store):
    store.begin(make_session("a"))
    wild = replace(make_observation(2.0), pose=HeadPose(1e6, 0.0, 0.0))
    with pytest.raises(ValueError, match="pose"):
        store.append("a", [make_moment(2.0, wild)], now=LATER, events=[make_mark(1.0)])
    assert store.read("a").events == ()


@pytest.mark.parametrize(
    "do",
    [
        lambda store: store.read("x"),
        lambda store: store.entry("x"),
        lambda store: store.delete("x"),
        lambda store: store.rename("x", "y"),
        lambda store: store.end("x", ended_at=LATER),
        lambda store: store.append("x", [make_moment()], now=LATER),
    ],
)
def test_an_unknown_session_is_an_error_with_its_name(store, do):
    with pytest.raises(UnknownSession, match="'x'"):
        do(store)


def test_creating_a_session_twice_is_refused_and_keeps_the_first(store):
    store.begin(make_session())
    with pytest.raises(StoreError):
        store.begin(replace(make_session(), title="other"))
    assert store.sessions()[0].session.title == make_session().title


def test_two_writers_at_once_lose_nothing(url):
    def write(name):
        with SessionStore.open(url) as own:
            own.begin(make_session(name))
            for number in range(30):
                own.append(name, [make_moment(number / 10, make_observation())], now=LATER)

    SessionStore.open(url).close()
    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with SessionStore.open(url) as store:
        assert {entry.session.id: entry.rows for entry in store.sessions()} == dict.fromkeys(
            "abc", 30
        )


def test_a_database_being_created_by_another_process_is_waited_for(tmp_path):
    path = tmp_path / "sessions.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.3, other.rollback)
    ends.start()
    with SessionStore.open(f"sqlite:///{path}") as store:
        assert store.sessions() == []
    ends.join()
    other.close()


def end_silent(store, now):
    ended = [store.end_interrupted(entry) for entry in store.interrupted(now=now)]
    return [entry for entry in ended if entry is not None]


def test_only_a_session_without_heartbeats_is_ended_at_its_last_row(store, moments):
    for name in ("silent", "alive", "ended"):
        store.begin(make_session(name))
        store.append(name, moments, now=BEGAN_AT + timedelta(seconds=1))
    store.append("alive", [], now=LATER)
    store.end("ended", ended_at=BEGAN_AT + timedelta(seconds=5))
    now = LATER + timedelta(seconds=5)
    assert [entry.session.id for entry in end_silent(store, now)] == ["silent"]
    assert store.entry("silent").session.ended_at == BEGAN_AT + timedelta(seconds=0.2)
    assert store.entry("alive").is_live(now)
    assert end_silent(store, now) == []


def test_a_writer_without_heartbeats_may_continue_for_a_day(store):
    for name in ("silent", "ended"):
        store.begin(make_session(name))
        store.append(name, [], now=BEGAN_AT)
    store.end("ended", ended_at=BEGAN_AT)
    day = timedelta(days=1)
    assert store.entry("silent").may_continue(BEGAN_AT + day - timedelta(seconds=1))
    assert not store.entry("silent").may_continue(BEGAN_AT + day)
    assert not store.entry("ended").may_continue(BEGAN_AT)


def test_a_suspended_writer_reopens_its_session(store, moments):
    store.begin(make_session("slept"))
    store.append("slept", moments[:2], now=BEGAN_AT)
    assert [entry.session.id for entry in end_silent(store, LATER)] == ["slept"]
    assert not store.entry("slept").is_live(LATER)
    store.append("slept", moments[2:], now=LATER)
    assert store.entry("slept").is_live(LATER)
    assert store.entry("slept").session.ended_at is None
    store.end("slept", ended_at=LATER)
    assert store.entry("slept").session.ended_at == LATER
    assert store.entry("slept").rows == 4


def test_a_session_with_a_newer_heartbeat_is_not_ended(store, moments):
    for name in ("spoke", "ended"):
        store.begin(make_session(name))
        store.append(name, moments, now=BEGAN_AT)
    silent = {entry.session.id: entry for entry in store.interrupted(now=LATER)}
    store.append("spoke", [], now=LATER)
    store.end("ended", ended_at=LATER)
    assert store.end_interrupted(silent["spoke"]) is None
    assert store.end_interrupted(silent["ended"]) is None
    assert store.entry("spoke").is_live(LATER)
    assert store.entry("ended").session.ended_at == LATER


def test_a_pause_is_stored_and_does_not_count_in_the_duration(store):
    session, other = make_session("paused"), make_session("other")
    for one in (session, other):
        store.begin(one)
    resumed = replace(make_moment(1.0), paused_s=60.0)
    store.append("paused", [make_moment(0.0), resumed, make_moment(2.0)], now=BEGAN_AT)
    store.append("other", [make_moment(0.0)], now=BEGAN_AT)
    entry = store.entry("paused")
    assert (entry.session.pauses, entry.last_s) == (((1.0, 60.0),), 2.0)
    assert {one.session.id: one.session.pauses for one in store.sessions()} == {
        "paused": ((1.0, 60.0),),
        "other": (),
    }
    found = end_silent(store, LATER + timedelta(seconds=120))
    ended = {one.session.id: one.session.ended_at for one in found}
    assert ended["paused"] == BEGAN_AT + timedelta(seconds=62)
    store.delete("paused")
    store.begin(session)
    assert store.entry("paused").session.pauses == ()


def test_a_locked_database_is_an_error_and_works_afterwards(tmp_path, monkeypatch, moments):
    monkeypatch.setattr(database, "LOCK_TIMEOUT_S", 0.1)
    path = tmp_path / "sessions.db"
    with SessionStore.open(f"sqlite:///{path}") as store:
        store.begin(make_session())
        other = sqlite3.connect(path)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked") as caught:
            store.append(make_session().id, moments, now=LATER)
        assert "close that program" in caught.value.advice
        other.rollback()
        other.close()
        store.append(make_session().id, moments, now=LATER)
        assert store.sessions()[0].rows == 4


def test_a_full_disk_is_an_error_and_stores_all_or_nothing(tmp_path, moments):
    with SessionStore.open(f"sqlite:///{tmp_path}/sessions.db") as store:
        store.begin(make_session())
        store.append(make_session().id, moments, now=LATER)

        @event.listens_for(store._engine, "begin")
        def fill(connection):
            connection.exec_driver_sql("PRAGMA max_page_count = 1")

        rng = np.random.default_rng(4)  # what is even would be packed into no space at all
        many = [
            make_moment(
                1 + number,
                replace(
                    make_observation(1 + number),
                    blendshapes=rounded_blendshapes(rng.random(52)),
                ),
            )
            for number in range(4000)
        ]
        with pytest.raises(StoreError, match="full") as caught:
            store.append(make_session().id, many, now=LATER)
        assert "disk space" in caught.value.advice
        assert store.sessions()[0].rows == 4


def test_a_file_that_is_no_database_is_an_error(tmp_path):
    path = tmp_path / "sessions.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="not a database") as caught:
        SessionStore.open(f"sqlite:///{path}")
    assert "move it away" in caught.value.advice


@pytest.mark.parametrize("text", ["half \udcff", "zero \0"])
def test_characters_that_a_database_refuses_are_replaced(store, text):
    stored = f"{text[:-1]}\ufffd"
    store.begin(make_session(title=text))
    store.append(
        make_session().id,
        [make_moment(0.0)],
        now=LATER,
        events=[Event(0.0, EventKind.MARK, text)],
    )
    assert store.entry(make_session().id).session.title == stored
    assert store.read(make_session().id).events == (Event(0.0, EventKind.MARK, stored),)
    store.rename(make_session().id, f"{text}!")
    assert store.entry(make_session().id).session.title == f"{stored}!"
    with pytest.raises(UnknownSession):
        store.delete(text)


@pytest.mark.parametrize(
    "changed",
    [
        "source = 'hologram'",
        "began_at = 'yesterday'",
        "last_write_at = '2026-01-01'",
        "labels = '[[['",
        "labels = '5'",
    ],
)
def test_a_session_that_cannot_be_read_does_not_hide_the_others(tmp_path, changed, caplog):
    with SessionStore.open(f"sqlite:///{tmp_path}/sessions.db") as store:
        for name in ("kept", "strange"):
            store.begin(make_session(name))
        with sqlite3.connect(tmp_path / "sessions.db") as raw:
            raw.execute(f"UPDATE sessions SET {changed} WHERE id = 'strange'")
        assert [one.session.id for one in store.sessions()] == ["kept"]
        assert "left out of the sessions" in caplog.text
        for access in (store.entry, store.read):
            with pytest.raises(StoreError) as caught:
                access("strange")
            assert caught.value.advice
        store.delete("strange")


def test_marks_and_segments_of_a_later_version_are_an_error(tmp_path):
    with SessionStore.open(f"sqlite:///{tmp_path}/sessions.db") as store:
        store.begin(make_session("one"))
        store.append("one", [make_moment(0.0)], now=LATER, events=[make_mark(0.0, "now")])
        begin_segment(store, "one", Segment(0.0, None, SegmentKind.SLIDE, "one"))
        with sqlite3.connect(tmp_path / "sessions.db") as raw:
            for table in ("session_events", "session_segments"):
                raw.execute(f"UPDATE {table} SET kind = 'unheard of'")
        for read in (store.read, lambda name: segments_of(store, name)):
            with pytest.raises(StoreError, match="'unheard of'") as caught:
                read("one")
            assert "Update Mien" in caught.value.advice


def test_a_database_that_cannot_be_opened_is_named(tmp_path, impatient):
    (tmp_path / "sessions.db").mkdir()
    with pytest.raises(StoreError, match=f"{tmp_path}/sessions.db cannot be opened") as caught:
        SessionStore.open(f"sqlite:///{tmp_path}/sessions.db")
    assert "right to write" in caught.value.advice


def test_the_password_of_a_database_is_not_shown(impatient):
    with pytest.raises(StoreError, match=r"me:\*\*\*@localhost") as caught:
        SessionStore.open("postgresql://me:secret@localhost:1/mien?connect_timeout=1")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:here?mode=memory&uri=true",
    ],
)
def test_a_database_in_memory_is_refused(url):
    with pytest.raises(StoreError, match="in memory") as caught:
        SessionStore.open(url)
    assert "sqlite:///PATH" in caught.value.advice


def test_a_database_given_as_a_file_address_makes_no_folder_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    SessionStore.open(f"sqlite:///file:{tmp_path}/sessions.db?uri=true").close()
    assert {one.name.partition("-")[0] for one in tmp_path.iterdir()} == {"sessions.db"}


def test_advice_is_about_the_error_and_not_about_a_name(tmp_path):
    (tmp_path / "full").write_text("a file, no folder")
    with pytest.raises(StoreError, match="File exists") as caught:
        SessionStore.open(f"sqlite:///{tmp_path}/full/sessions.db")
    assert "Free some disk space" not in caught.value.advice


@pytest.mark.parametrize(
    "change",
    ["UPDATE schema_version SET version = 99", "UPDATE store_version SET version_num = '99'"],
)
def test_a_database_of_a_newer_mien_is_refused(tmp_path, change):
    url = f"sqlite:///{tmp_path}/sessions.db"
    SessionStore.open(url).close()
    raw = sqlite3.connect(tmp_path / "sessions.db")
    raw.execute(change)
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="version 99"):
        SessionStore.open(url)


@pytest.mark.parametrize("url", ["nonsense", "oracle://x/y", "postgresql://localhost:1/none"])
def test_an_unreachable_address_is_an_error(url, impatient):
    with pytest.raises(StoreError) as caught:
        SessionStore.open(url)
    assert caught.value.advice


def test_a_folder_that_cannot_be_created_is_an_error(tmp_path, impatient):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError):
        SessionStore.open(f"sqlite:///{tmp_path}/file/sessions.db")


def test_a_killed_writer_loses_at_most_one_second(tmp_path):
    url = f"sqlite:///{tmp_path}/sessions.db"
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.sessions.writer", url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_DIR,
    )
    said_s = 0.0
    while said_s < 2.0:
        said_s = float(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    with SessionStore.open(url) as store:
        (entry,) = store.sessions()
        assert entry.last_s >= said_s - 1.0
        assert entry.is_interrupted(entry.last_write_at + timedelta(minutes=1))
        assert len(store.read(entry.session.id)) == entry.rows


def test_a_session_with_custom_labels_can_be_read_back(store):
    scheme = LabelScheme("own-1a2b3c4d", ("open", "closed"))
    session = replace(make_session(), scheme_name=scheme.name, labels=scheme.labels)
    scores = EmotionScores(scheme, np.array([0.25, 0.75], np.float32))
    store.begin(session)
    seen = replace(make_observation(1.0), scores=scores, steady=scores)
    store.append(session.id, [make_moment(1.0, seen)], now=session.began_at)
    timeline = store.read(session.id)
    assert timeline.scheme == scheme
    assert timeline.scores[0] == pytest.approx([0.25, 0.75])
    assert store.entry(session.id).session.labels == scheme.labels
    store.delete(session.id)
    assert store.sessions() == []


@pytest.mark.parametrize("threshold", [None, 0.0, 0.43])
def test_the_threshold_of_a_session_is_stored(store, threshold):
    session = replace(make_session(), not_sure_below=threshold)
    store.begin(session)
    assert store.entry(session.id).session.not_sure_below == threshold
    assert store.sessions()[0].session.not_sure_below == threshold
    store.delete(session.id)
    store.begin(make_session())
    assert store.entry(session.id).session.not_sure_below is None
