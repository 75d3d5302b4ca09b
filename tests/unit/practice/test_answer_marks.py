"""Marks of an answer: in its own seconds, and none of before, after or between its parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.practice import marks_of
from core.sessions import SessionStore
from tests.make import BEGAN_AT, make_mark, make_moment, make_observation, make_session
from tests.practising import make_attempt, part


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore.open(f"sqlite:///{tmp_path / 'm.db'}") as opened:
        for name in ("s1", "s2"):
            opened.begin(make_session(name))
            opened.append(
                name,
                [make_moment(60.0, make_observation(60.0))],
                now=BEGAN_AT,
                events=[make_mark(at, f"{name} {at:g}") for at in (5.0, 10.0, 19.0, 20.0)],
            )
        yield opened


def test_marks_of_both_parts_are_in_seconds_of_the_answer(store: SessionStore) -> None:
    attempt = make_attempt(parts=(part(10.0, 20.0), part(4.0, 8.0, "s2", offset_s=15.0)))
    found = [(one.time_s, one.words) for one in marks_of(store, attempt)]
    assert found == [(0.0, "s1 10"), (9.0, "s1 19"), (16.0, "s2 5")]


def test_a_part_that_goes_on_has_all_later_marks(store: SessionStore) -> None:
    attempt = make_attempt(parts=(part(18.0, None),))
    assert [one.time_s for one in marks_of(store, attempt)] == [1.0, 2.0]


def test_marks_of_a_deleted_session_are_gone(store: SessionStore) -> None:
    attempt = make_attempt(parts=(part(0.0, 30.0), part(0.0, 30.0, "s2", offset_s=30.0)))
    store.delete("s1")
    assert marks_of(store, attempt)[0].words == "s2 5"
    assert marks_of(store, make_attempt()) == ()
