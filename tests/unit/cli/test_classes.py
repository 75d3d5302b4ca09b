"""Classes on the command line, in this process."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from core.classroom import append_seconds, classrooms, learners_of, read_seconds
from core.cli.classes import classes_app
from core.sessions import SessionStore
from tests.classes import EVERYTHING, joined, opened, pairs, seconds


@pytest.fixture
def store(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.delenv("MIEN_DATABASE_URL", raising=False)
    with SessionStore.open(settings.database_url) as opened_store:
        yield opened_store


@pytest.fixture
def room(store):
    """A class of two, with a title that would clear a terminal."""
    found = opened(store, replace(EVERYTHING, title="Light \x1b[2J")).classroom
    for name in ("Ana", "Ben"):
        joined(store, found.id, name)
    append_seconds(store, found.id, seconds([(0, 1), (0, 2)]))
    return found


def _typed(*words):
    done = CliRunner().invoke(classes_app, words)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("words", [(), ("list",)])
def test_classes_are_listed_with_their_learners(room, words):
    code, told, _ = _typed(*words)
    assert code == 0
    assert told == f"{room.id}  2026-11-30 09:00  open      2 learners  Light [2J\n"


def test_learners_are_listed_by_number(room):
    told = "   1  2026-11-30 09:00  Ana\n   2  2026-11-30 09:00  Ben\n"
    assert _typed("learners", room.id) == (0, told, "")


def test_one_learner_is_deleted_and_no_other(room, store):
    assert _typed("delete", room.id, "--learner", "1")[0] == 0
    assert [one.name for one in learners_of(store, room.id)] == ["Ben"]
    assert pairs(read_seconds(store, room.id)[0]) == [(0, 2)]
    code, _, told = _typed("delete", room.id, "--learner", "1")
    assert (code, "has no learner 1" in told) == (2, True)


def test_a_class_is_deleted_and_one_that_is_gone_is_said_so(room, store):
    assert _typed("delete", room.id)[0] == 0
    assert classrooms(store) == ()
    code, _, told = _typed("delete", room.id)
    assert (code, "There is no such class" in told) == (2, True)
