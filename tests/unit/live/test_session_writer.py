"""Moments to the store, off the camera's thread."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine

from core.domain import AnalysedFrame, Event, EventKind, Session, rounded_blendshapes
from core.domain.errors import UnknownSession
from core.live import session_writer as module
from core.live.session_writer import MAX_BATCH, SessionWriter
from core.sessions import MeasuredCalibration, SessionStore
from tests.calibrating import make_measured
from tests.fakes import FakeStore
from tests.make import make_moment, make_observation, make_session

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries at once."""
    monkeypatch.setattr(module, "FLUSH_EVERY_S", 0.02)
    monkeypatch.setattr(module, "RETRY_AFTER_S", 0.02)


def moment(number: int) -> AnalysedFrame:
    return make_moment(number / 30, make_observation(number / 30))


def record(store: object) -> SessionWriter:
    return SessionWriter(store, make_session(), now=lambda: NOW)  # type: ignore[arg-type]


def until(holds: Callable[[], bool], *, within_s: float = 10.0) -> None:
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at, "it never came to hold"
        time.sleep(0.01)


def test_moments_are_stored_while_the_session_runs(quick: None) -> None:
    store = FakeStore()
    writer = record(store)
    writer.add(moment(0))
    until(lambda: writer.unsaved == 0)
    assert len(store.moments[make_session().id]) == 1
    assert writer.end(ended_at=NOW, wait_s=5.0)
    assert store.ended == {make_session().id: NOW}


def test_ending_twice_keeps_the_first_end() -> None:
    store = FakeStore()
    writer = record(store)
    writer.end(ended_at=NOW, wait_s=5.0)
    assert writer.end(ended_at=NOW.replace(hour=13), wait_s=5.0)
    assert store.ended == {make_session().id: NOW}


class CountingStore(FakeStore):
    """Remembers how many moments came at once."""

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        super().append(session_id, moments, now=now, events=events)
        self.batches = [*getattr(self, "batches", []), len(moments)]


def test_after_a_long_refusal_moments_are_stored_in_batches_and_in_order(quick: None) -> None:
    store = CountingStore(refuses=True)
    writer = record(store)
    for number in range(MAX_BATCH * 3 + 7):
        writer.add(moment(number))
    until(lambda: writer.trouble != "")
    store.refuses = False
    assert writer.end(ended_at=NOW, wait_s=5.0)
    assert max(store.batches) == MAX_BATCH
    stored = [one.frame_index for one in store.moments[make_session().id]]
    assert stored == [moment(number).frame_index for number in range(MAX_BATCH * 3 + 7)]
    assert writer.trouble == ""


def test_moments_beyond_the_limit_are_dropped_oldest_first_and_reported(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_UNSAVED", 100)
    store = FakeStore(refuses=True)
    writer = record(store)
    for number in range(130):
        writer.add(moment(number))
    assert writer.unsaved == 100
    assert "30 samples dropped" in writer.trouble
    store.refuses = False
    assert writer.end(ended_at=NOW, wait_s=5.0)
    stored = [one.time_s for one in store.moments[make_session().id]]
    assert stored == [moment(number).time_s for number in range(30, 130)]


class ForgetfulStore(FakeStore):
    """Somebody deletes the session while it runs."""

    def append(self, session_id: str, moments: Sequence[AnalysedFrame], **_: object) -> None:
        raise UnknownSession("There is no such session.")


def test_a_session_deleted_while_it_runs_stays_deleted(quick: None) -> None:
    writer = record(ForgetfulStore())
    writer.add(moment(0))
    until(lambda: writer.is_over)
    writer.add(moment(1))
    assert writer.unsaved == 0
    assert "was deleted" in writer.trouble


class BuggyStore(FakeStore):
    """Raises what no store should, at one call, until it is mended; refuses a moment for ever."""

    def __init__(self, *, at: str = "append", never: float | None = None) -> None:
        super().__init__()
        self.broken_at = at
        self.never = never

    def begin(self, session: Session) -> None:
        self._break_at("begin")
        super().begin(session)

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        self._break_at("append")
        if any(one.time_s == self.never for one in moments):
            raise UnicodeError
        super().append(session_id, moments, now=now, events=events)

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        self._break_at("end")
        super().end(session_id, ended_at=ended_at)

    def _break_at(self, call: str) -> None:
        if call == self.broken_at:
            raise ZeroDivisionError


@pytest.mark.parametrize("call", ["begin", "append", "end"])
def test_a_bug_in_the_store_is_reported_logged_and_retried(
    quick: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setattr(module, "_MAX_SINGLE_FAILURES", 10_000)
    store = BuggyStore(at=call)
    writer = record(store)
    for number in range(400):
        writer.add(moment(number))
    assert not writer.end(ended_at=NOW, wait_s=0.0)
    until(lambda: "ZeroDivisionError" in writer.trouble)
    assert not writer.is_over
    assert store.ended == {}
    assert [one.exc_info is not None for one in caplog.records] == [True]
    store.broken_at = ""
    assert writer.end(ended_at=NOW, wait_s=5.0)
    assert writer.trouble == ""
    stored = [one.time_s for one in store.moments[make_session().id]]
    assert stored == [moment(number).time_s for number in range(400)]


def test_a_moment_that_can_never_be_stored_does_not_block_others(quick: None) -> None:
    store = BuggyStore(at="", never=moment(123).time_s)
    writer = record(store)
    for number in range(400):
        writer.add(moment(number))
    assert writer.end(ended_at=NOW, wait_s=10.0)
    stored = [one.time_s for one in store.moments[make_session().id]]
    assert stored == [moment(number).time_s for number in range(400) if number != 123]
    assert writer.trouble == "1 sample dropped."


class PickyStore(FakeStore):
    """Cannot store one of the marks."""

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        if any(one.words == "never" for one in events):
            raise ValueError("this mark cannot be stored")
        super().append(session_id, moments, now=now, events=events)


@pytest.mark.parametrize("moments", [0, 1, 400])
def test_a_mark_that_can_never_be_stored_costs_no_moment_and_no_other_mark(
    quick: None, moments: int
) -> None:
    store = PickyStore()
    writer = record(store)
    for words in ("before", "never", "after"):
        writer.add_event(Event(0.0, EventKind.MARK, words))
    for number in range(moments):
        writer.add(moment(number))
    assert writer.end(ended_at=NOW, wait_s=10.0)
    stored = [one.time_s for one in store.moments[make_session().id]]
    assert stored == [moment(number).time_s for number in range(moments)]
    assert [one.words for one in store.events[make_session().id]] == ["before", "after"]
    assert writer.trouble == "1 mark dropped."


def test_the_newest_calibration_is_stored_before_the_end_also_after_a_refusal(
    quick: None,
) -> None:
    store = FakeStore(refuses=True)
    writer = record(store)
    newest = make_measured(NOW.replace(hour=13))
    for measured in (make_measured(NOW), newest):
        writer.set_calibration(1, measured)
    writer.set_calibration(2, newest)
    until(lambda: writer.trouble != "")
    store.refuses = False
    assert writer.end(ended_at=NOW, wait_s=5.0)
    assert store.calibrations == {make_session().id: {1: newest, 2: newest}}
    assert writer.trouble == ""


class UncalibratedStore(FakeStore):
    """Cannot store a calibration, for a reason that no store should have."""

    def set_calibration(self, session_id: str, face_id: int, measured: MeasuredCalibration) -> None:
        if face_id == 1:
            raise ZeroDivisionError
        super().set_calibration(session_id, face_id, measured)


def test_a_calibration_that_can_never_be_stored_costs_no_moment_no_mark_and_no_other(
    quick: None,
) -> None:
    store = UncalibratedStore()
    writer = record(store)
    for face_id in (1, 2):
        writer.set_calibration(face_id, make_measured(NOW))
    writer.add_event(Event(0.0, EventKind.MARK, "a mark"))
    for number in range(400):
        writer.add(moment(number))
    assert writer.end(ended_at=NOW, wait_s=10.0)
    assert len(store.moments[make_session().id]) == 400
    assert len(store.events[make_session().id]) == 1
    assert store.calibrations == {make_session().id: {2: make_measured(NOW)}}
    assert writer.trouble == "1 calibration dropped."


def test_the_queue_is_bounded_while_a_bug_lasts(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_UNSAVED", 100)
    store = BuggyStore(at="begin")
    writer = record(store)
    for number in range(1000):
        writer.add(moment(number))
    assert writer.unsaved == 100
    assert "900 samples dropped" in writer.trouble
    store.broken_at = ""
    assert writer.end(ended_at=NOW, wait_s=5.0)


class LeavingStore(FakeStore):
    """Ends the thread that asks it."""

    def begin(self, session: Session) -> None:
        raise SystemExit


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_is_not_a_success() -> None:
    writer = record(LeavingStore())
    assert not writer.end(ended_at=NOW, wait_s=5.0)
    assert "stopped unexpectedly" in writer.trouble


@pytest.fixture
def database(tmp_path: Path) -> Iterator[tuple[SessionStore, str]]:
    address = f"sqlite:///{tmp_path}/sessions.db"
    with SessionStore.open(address) as store:
        yield store, address


def test_a_locked_database_is_retried(
    impatient: None, quick: None, database: tuple[SessionStore, str]
) -> None:
    store, address = database
    writer = record(store)
    writer.add(moment(0))
    until(lambda: writer.unsaved == 0)
    blocker = create_engine(address)
    with blocker.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        writer.add(moment(1))
        until(lambda: "locked" in writer.trouble)
        assert writer.unsaved == 1
        connection.rollback()
    blocker.dispose()
    assert writer.end(ended_at=NOW, wait_s=20.0)
    assert writer.trouble == ""
    assert len(store.read(make_session().id)) == 2


def test_a_full_disk_is_reported_and_moments_are_stored_later(
    quick: None, database: tuple[SessionStore, str]
) -> None:
    store, _ = database
    writer = record(store)
    writer.add(moment(0))
    until(lambda: writer.unsaved == 0)
    # SQLite says "database or disk is full" for this limit as for a full disk.
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    rng = np.random.default_rng(1)  # rows that are all alike would be packed into no space at all
    for number in range(1, 4000):
        shapes = rounded_blendshapes(rng.random(52))
        seen = replace(make_observation(number / 30), blendshapes=shapes)
        writer.add(make_moment(number / 30, seen))
    until(lambda: "full" in writer.trouble)
    assert writer.unsaved > 0
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert writer.end(ended_at=NOW, wait_s=20.0)
    assert len(store.read(make_session().id)) == 4000


def test_a_database_file_that_was_moved_away_is_reported_and_moments_wait_for_it(
    quick: None, database: tuple[SessionStore, str], tmp_path: Path
) -> None:
    store, _ = database
    writer = record(store)
    writer.add(moment(0))
    until(lambda: writer.unsaved == 0)
    file, elsewhere = tmp_path / "sessions.db", tmp_path / "elsewhere.db"
    file.rename(elsewhere)
    writer.add(moment(1))
    until(lambda: "is gone" in writer.trouble)
    assert "Put it back" in writer.trouble
    assert writer.unsaved == 1
    assert not file.exists()
    elsewhere.rename(file)
    assert writer.end(ended_at=NOW, wait_s=20.0)
    assert len(store.read(make_session().id)) == 2


def test_a_copy_that_took_the_place_of_the_database_file_is_written(
    quick: None, database: tuple[SessionStore, str], tmp_path: Path
) -> None:
    store, address = database
    store.begin(make_session("before"))
    store.close()  # everything is in the file
    file, copy = tmp_path / "sessions.db", tmp_path / "copy.db"
    shutil.copyfile(file, copy)
    assert [one.session.id for one in store.sessions()] == ["before"]
    copy.replace(file)
    store.append("before", [moment(0)], now=NOW)
    with SessionStore.open(address) as another:
        assert len(another.read("before")) == 1
