"""One thread writes the sessions of a process, together where it can."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.domain import AnalysedFrame, Event, Session
from core.domain.errors import StoreError, UnknownSession
from core.live import WritingThread, writing_thread
from core.live import session_writer as module
from core.live.session_writer import SessionWriter
from core.sessions import Batch, SessionStore
from tests.fakes import FakeStore
from tests.make import make_moment, make_observation, make_session

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries at once."""
    monkeypatch.setattr(module, "RETRY_AFTER_S", 0.02)


class CountingStore(FakeStore):
    """Remembers which sessions were written together; some are unknown, some make it fail."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[list[str]] = []
        self.deleted: set[str] = set()
        self.broken: set[str] = set()

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        if session_id in self.deleted:
            raise UnknownSession("There is no such session.")
        if session_id in self.broken and moments:
            raise ZeroDivisionError
        super().append(session_id, moments, now=now, events=events)

    def append_together(
        self, batches: Sequence[Batch], *, now: datetime
    ) -> Mapping[str, StoreError]:
        self._expect_willing()
        self.groups.append([one.session_id for one in batches])
        if any(one.session_id in self.broken and one.moments for one in batches):
            raise ZeroDivisionError
        gone = {one.session_id for one in batches} & self.deleted
        kept = [one for one in batches if one.session_id not in gone]
        super().append_together(kept, now=now)
        return {one: UnknownSession("There is no such session.") for one in gone}


def moment(number: int) -> AnalysedFrame:
    return make_moment(number / 30, make_observation(number / 30))


def until(holds: Callable[[], bool], *, within_s: float = 30.0) -> None:
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at, "it never came to hold"
        time.sleep(0.01)


def recorded(store: object, names: Sequence[str], *, every_s: float = 0.02) -> list[SessionWriter]:
    thread = WritingThread(store, now=lambda: NOW)  # type: ignore[arg-type]
    sessions = [make_session(name) for name in names]
    return [SessionWriter(thread, one, now=lambda: NOW, flush_every_s=every_s) for one in sessions]


def times(store: FakeStore, name: str) -> list[float]:
    return [one.time_s for one in store.moments[name]]


def test_sessions_of_one_pace_are_written_together_each_in_order() -> None:
    store = CountingStore()
    writers = recorded(store, "abc")
    until(lambda: len(store.begun) == 3)
    for number in range(40):
        for one in writers:
            one.add(moment(number))
        time.sleep(0.001)
    until(lambda: not any(one.unsaved for one in writers))
    assert all(one.end(ended_at=NOW, wait_s=30.0) for one in writers)
    assert max(len(group) for group in store.groups) == 3
    for name in "abc":
        assert times(store, name) == [moment(number).time_s for number in range(40)]
    assert set(store.ended) == set("abc")


def test_what_was_refused_arrives_once_and_in_order_for_every_session() -> None:
    store = CountingStore()
    writers = recorded(store, "abc")
    until(lambda: len(store.begun) == 3)
    store.refuses = True
    for number in range(40):
        for one in writers:
            one.add(moment(number))
    until(lambda: all("locked" in one.trouble for one in writers))
    assert [one.unsaved for one in writers] == [40] * 3
    store.refuses = False
    assert all(one.end(ended_at=NOW, wait_s=30.0) for one in writers)
    for name in "abc":
        assert times(store, name) == [moment(number).time_s for number in range(40)]
    assert [one.trouble for one in writers] == [""] * 3


def test_a_session_that_was_deleted_stops_and_the_others_go_on() -> None:
    store = CountingStore()
    first, gone, last = recorded(store, "abc")
    until(lambda: len(store.begun) == 3)
    store.deleted.add("b")
    for one in (first, gone, last):
        one.add(moment(0))
    until(lambda: gone.is_over)
    assert "was deleted" in gone.trouble
    assert first.end(ended_at=NOW, wait_s=30.0)
    assert last.end(ended_at=NOW, wait_s=30.0)
    assert times(store, "a") == times(store, "c") == [0.0]


def test_a_bug_with_one_session_keeps_no_other_from_being_stored() -> None:
    store = CountingStore()
    first, broken, last = recorded(store, "abc")
    until(lambda: len(store.begun) == 3)
    store.broken.add("b")
    for one in (first, broken, last):
        one.add(moment(0))
    until(lambda: bool(broken.trouble) and not first.unsaved and not last.unsaved)
    assert times(store, "a") == times(store, "c") == [0.0]
    store.broken.clear()
    assert all(one.end(ended_at=NOW, wait_s=30.0) for one in (first, broken, last))


def test_after_the_last_session_ended_another_one_is_recorded() -> None:
    store = CountingStore()
    thread = WritingThread(store, now=lambda: NOW)
    for name in "ab":
        writer = SessionWriter(thread, make_session(name), now=lambda: NOW, flush_every_s=0.02)
        writer.add(moment(0))
        assert writer.end(ended_at=NOW, wait_s=30.0)
    assert set(store.ended) == set("ab")


def test_sessions_written_together_are_read_back_as_those_written_alone(tmp_path: Path) -> None:
    rows = [moment(number) for number in range(700)]
    with SessionStore.open(f"sqlite:///{tmp_path}/sessions.db") as store:
        for name in "abc":
            store.begin(make_session(name))
        for first in range(0, 700, 7):
            store.append("c", rows[first : first + 7], now=NOW)
            batches = [Batch(name, rows[first : first + 7]) for name in ("a", "gone", "b")]
            assert list(store.append_together(batches, now=NOW)) == ["gone"]
        alone = store.read("c")
        for name in "ab":
            together = store.read(name)
            assert together.time_s.tolist() == alone.time_s.tolist()
            assert together.frame_index.tolist() == alone.frame_index.tolist()
            assert together.reason.tolist() == alone.reason.tolist()
            assert (together.box == alone.box).all()
        entries = {one.session.id: (one.rows, one.faces, one.last_s) for one in store.sessions()}
        assert entries["a"] == entries["b"] == entries["c"] == (700, 1, pytest.approx(23.3))


class LockedStore(CountingStore):
    """Waits for a lock in vain, as SQLite does: by a clock that this moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.clock_s = 1000.0
        self.tried: list[str] = []

    def seconds(self) -> float:
        self.clock_s += 0.001
        return self.clock_s

    def begin(self, session: Session) -> None:
        self.tried.append(session.id)
        if self.refuses:
            self.clock_s += 5.0
        super().begin(session)


def test_while_a_lock_lasts_each_session_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    store = LockedStore()
    store.refuses = True
    for where in (writing_thread, module):
        monkeypatch.setattr(where, "monotonic", store.seconds)
    writers = recorded(store, "abc")
    until(lambda: min(store.tried.count(name) for name in "abc") >= 3)
    assert {*store.tried[-3:]} == {*store.tried[-6:-3]} == set("abc")
    store.refuses = False
    assert all(one.end(ended_at=NOW, wait_s=30.0) for one in writers)


def test_a_bug_in_the_thread_is_reported_by_the_sessions_that_it_concerns(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_writer: SessionWriter) -> None:
        raise ZeroDivisionError

    store = CountingStore()
    monkeypatch.setattr(SessionWriter, "batch", broken)
    writers = recorded(store, "ab")
    until(lambda: all(one.is_over for one in writers))
    monkeypatch.undo()
    assert all("stopped unexpectedly" in one.trouble for one in writers)
    assert "ZeroDivisionError" in caplog.text
    another = SessionWriter(writers[0]._writing_thread, make_session("c"), now=lambda: NOW)
    assert another.end(ended_at=NOW, wait_s=30.0)
