"""Sessions that a crash cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.sessions import Recovery, SessionEntry, SessionStore
from core.sessions.end_interrupted import CHECK_INTERVAL
from core.sessions.heartbeat_timeouts import INTERRUPTED_AFTER_S
from tests.fakes import ManualClock
from tests.make import make_moment, make_observation, make_session

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore.open(f"sqlite:///{tmp_path}/sessions.db") as opened:
        yield opened


def begin(store: SessionStore, session_id: str, *, rows: int = 3, began_at: datetime = NOW) -> None:
    store.begin(make_session(session_id, began_at=began_at))
    moments = [make_moment(float(at), make_observation(float(at))) for at in range(rows)]
    store.append(session_id, moments, now=began_at + timedelta(seconds=rows))


def look_twice(recovery: Recovery, now: datetime) -> tuple[SessionEntry, ...]:
    """Ten seconds apart, the second time at `now`."""
    recovery.check(now - CHECK_INTERVAL)
    return recovery.check(now)


def test_a_server_restarted_at_once_finds_the_interrupted_session_later(
    store: SessionStore,
) -> None:
    begin(store, "cut")
    recovery = Recovery(store)
    assert recovery.check(NOW + timedelta(seconds=5)) == ()
    later = NOW + timedelta(seconds=INTERRUPTED_AFTER_S + 10)
    assert recovery.check(later) == ()
    later += CHECK_INTERVAL
    (found,) = recovery.check(later)
    assert found.session.id == "cut"
    assert found.session.ended_at == NOW + timedelta(seconds=2)
    assert store.entry("cut").session.ended_at == found.session.ended_at
    assert recovery.check(later + timedelta(hours=1)) == (found,)


def test_a_clock_that_was_set_back_stops_no_check(store: SessionStore) -> None:
    recovery = Recovery(store)
    recovery.check(NOW + timedelta(hours=1))
    begin(store, "cut")
    (found,) = look_twice(recovery, NOW + timedelta(minutes=5))
    assert found.session.id == "cut"


def test_a_crashed_session_of_before_the_clock_was_set_back_is_ended(store: SessionStore) -> None:
    begin(store, "cut")
    earlier = NOW - timedelta(hours=1)
    (found,) = look_twice(Recovery(store), earlier)
    assert found.session.id == "cut"
    assert store.entry("cut").session.ended_at == NOW + timedelta(seconds=2)


def test_a_deleted_session_is_not_reported_any_more(store: SessionStore) -> None:
    begin(store, "cut")
    begin(store, "kept")
    recovery = Recovery(store)
    later = NOW + timedelta(minutes=5)
    assert len(look_twice(recovery, later)) == 2
    store.delete("cut")
    (left,) = recovery.check(later + timedelta(seconds=10))
    assert left.session.id == "kept"


def test_ended_or_empty_sessions_are_not_reported(store: SessionStore) -> None:
    begin(store, "ended")
    store.end("ended", ended_at=NOW)
    begin(store, "empty", rows=0)
    assert look_twice(Recovery(store), NOW + timedelta(minutes=5)) == ()
    assert store.entry("empty").session.ended_at is not None


def test_the_database_is_checked_every_ten_seconds_at_most(store: SessionStore) -> None:
    recovery = Recovery(store)
    later = NOW + timedelta(minutes=5)
    assert recovery.check(later) == ()
    begin(store, "cut")
    assert recovery.check(later + timedelta(seconds=10)) == ()
    assert recovery.check(later + timedelta(seconds=19)) == ()
    assert len(recovery.check(later + timedelta(seconds=20))) == 1


def test_only_the_newest_interrupted_sessions_are_kept(store: SessionStore) -> None:
    for number in range(8):
        begin(store, f"cut-{number}", began_at=NOW + timedelta(seconds=number))
    found = look_twice(Recovery(store), NOW + timedelta(minutes=5))
    assert [entry.session.id for entry in found] == [f"cut-{number}" for number in range(3, 8)]


def test_a_suspended_laptop_keeps_its_session(store: SessionStore) -> None:
    begin(store, "live")
    recovery = Recovery(store)
    clock = ManualClock()
    for _ in range(2):
        clock.advance(10)
        store.append("live", [], now=clock.now())
        assert recovery.check(clock.now()) == ()
    for asleep_s in (31, 3600, 35):
        clock.advance(asleep_s)
        # Awake, the screen asks before the writer has spoken.
        assert recovery.check(clock.now()) == ()
        clock.advance(0.5)
        store.append("live", [], now=clock.now())
        assert store.entry("live").session.ended_at is None
        assert store.entry("live").is_live(clock.now())
        clock.advance(10)
        assert recovery.check(clock.now()) == ()


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_session_of_a_server_with_a_wrong_clock_continues(
    store: SessionStore, ahead: timedelta
) -> None:
    begin(store, "live")
    recovery = Recovery(store)
    clock = ManualClock()
    for _ in range(60):
        clock.advance(1)
        store.append("live", [], now=clock.now() + ahead)
        assert recovery.check(clock.now()) == ()
    assert store.entry("live").session.ended_at is None


def test_a_session_reopened_by_its_writer_is_not_reported_any_more(store: SessionStore) -> None:
    begin(store, "stuck")
    recovery = Recovery(store)
    later = NOW + timedelta(minutes=5)
    assert len(look_twice(recovery, later)) == 1
    store.append("stuck", [], now=later)
    assert store.entry("stuck").session.ended_at is None
    assert recovery.check(later + CHECK_INTERVAL) == ()
    store.end("stuck", ended_at=later + timedelta(seconds=15))
    assert recovery.check(later + 2 * CHECK_INTERVAL) == ()
