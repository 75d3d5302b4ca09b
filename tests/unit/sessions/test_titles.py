"""Titles of sessions: given, made, and told apart."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from core.domain.wording import new_id, new_session_id, words_of_id
from core.sessions import default_title, distinct_titles
from tests.make import make_session

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_default_title_has_the_time_and_the_words_of_the_id() -> None:
    assert (
        default_title("2026-11-21-1200-calm-otter-3fa2", "21 Nov 2026, 13:00")
        == "21 Nov 2026, 13:00 · calm otter"
    )


def test_the_words_of_every_id_made_here_are_found() -> None:
    rng = np.random.default_rng(7)
    for make in (new_id, new_session_id):
        words = words_of_id(make(NOON, rng)).split(" ")
        assert len(words) == 2
        assert all(word.isalpha() for word in words)


def test_an_id_of_another_form_stands_for_itself() -> None:
    assert words_of_id("cut") == "cut"
    assert words_of_id("2026-11-21-1200-some-thing-else") == "2026-11-21-1200-some-thing-else"


def test_distinct_titles_stay_unchanged() -> None:
    sessions = [make_session("a", title="One"), make_session("b", title="Two")]
    assert distinct_titles(sessions) == ("One", "Two")


def test_equal_titles_are_made_distinct() -> None:
    ids = (
        "2026-11-21-1200-calm-otter-0001",
        "2026-11-21-1200-calm-otter-0002",
        "2026-11-21-1200-brave-hare-0003",
    )
    titles = distinct_titles([make_session(one, title="Live camera") for one in ids])
    assert len(set(titles)) == 3
    assert titles[2] == "Live camera (brave hare)"
    assert all(title.startswith("Live camera (calm otter") for title in titles[:2])
