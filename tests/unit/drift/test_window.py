"""Which sessions are looked at."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from core.drift import newest_session, sessions_of_days, source_of
from core.sessions import SessionEntry
from tests.looks import make_looks
from tests.make import BEGAN_AT, make_session

COLUMNS = make_looks(np.random.default_rng(1), 1234)


def entry(name, days_ago):
    began_at = BEGAN_AT - timedelta(days=days_ago)
    return SessionEntry(make_session(name, began_at=began_at), 10, 1.0, began_at)


NEW, OLD, OLDEST = ENTRIES = [entry("new", 1), entry("old", 10), entry("oldest", 90)]


def test_the_newest_is_taken_but_for_those_of_the_reference():
    assert newest_session(ENTRIES) == [NEW]
    assert newest_session(ENTRIES, other_than=("new",)) == [OLD]
    assert newest_session(ENTRIES, other_than=("new", "old", "oldest")) == [NEW]
    assert newest_session([]) == []


def test_a_period_ends_now():
    assert sessions_of_days(ENTRIES, days=7, now=BEGAN_AT) == [NEW]
    assert sessions_of_days(ENTRIES, days=30, now=BEGAN_AT) == [NEW, OLD]
    assert sessions_of_days(ENTRIES, days=7, now=BEGAN_AT + timedelta(days=30)) == []


def test_a_source_says_how_many_and_when():
    assert source_of([NEW], COLUMNS) == "1 session of 20 Nov 2026, 1,234 seconds of faces."
    assert source_of(ENTRIES, COLUMNS) == (
        "3 sessions from 23 Aug 2026 to 20 Nov 2026, 1,234 seconds of faces."
    )
