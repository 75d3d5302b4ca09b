"""Each learner gets the own rows, and nobody else's."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from core.classroom import (
    JoinRequest,
    add_flag,
    append_seconds,
    flags_of,
    join,
    read_seconds,
    seconds_of_learner,
)
from core.classroom.exporters import learner_csv
from core.domain.classroom import Flag, FlagKind, LearnerSite, Shared
from tests.classes import EVERYTHING, IN_EUROPE, OPENED_AT, joined, opened, seconds

HOSTILE = '=HYPERLINK("http://x")'


@pytest.fixture
def room(store):
    found = opened(store).classroom
    for name in ("Ana", "Ben"):
        joined(store, found.id, name)
    return found


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_learner_gets_the_own_rows_whoevers_are_given(store, room):
    ana = joined(store, room.id, "Cem").learner
    append_seconds(store, room.id, seconds([(0, 1), (0, 3), (2, 3)], facing=0.25))
    add_flag(store, room.id, Flag(1, 0.5, FlagKind.LOST))
    add_flag(store, room.id, Flag(3, 1.5, FlagKind.QUESTION, HOSTILE))
    everybody, _ = read_seconds(store, room.id)
    rows = read(learner_csv(room, ana, everybody, flags_of(store, room.id)))
    assert [(one["t_s"], one["said"]) for one in rows] == [
        ("0.0", ""),
        ("1.5", "question"),
        ("2.0", ""),
    ]
    assert rows[0]["time_utc"] == OPENED_AT.isoformat(timespec="milliseconds")
    assert rows[1]["words"] == f"'{HOSTILE}"
    assert (rows[1]["present"], rows[2]["facing"], rows[2]["score_happy"]) == ("", "0.25", "0.1")


def test_what_was_not_measured_is_empty(store, room):
    ana = joined(store, room.id).learner
    append_seconds(store, room.id, seconds([(0, ana.number)], facing=np.nan))
    (row,) = read(learner_csv(room, ana, seconds_of_learner(store, ana.id), ()))
    assert (row["facing"], row["present"]) == ("", "0.5")


def test_who_shared_nothing_gets_the_head_of_the_table(store, room):
    ana = joined(store, room.id).learner
    content = learner_csv(room, ana, seconds_of_learner(store, ana.id), ())
    assert content.decode("utf-8-sig").startswith("t_s,time_utc,said,words,measured,usable,present")
    assert read(content) == []


@pytest.mark.parametrize(
    ("shared", "columns"),
    [
        ((), []),
        ((Shared.FACING,), ["facing"]),
        ((Shared.ENGAGEMENT,), ["facing", "eyes_open", "expression"]),
    ],
    ids=["present", "heads", "engagement"],
)
def test_there_are_columns_of_what_is_shared_alone(store, shared, columns):
    new = replace(IN_EUROPE if Shared.ENGAGEMENT not in shared else EVERYTHING, labels=())
    room = opened(store, replace(new, shared=(Shared.PRESENT, *shared), card_name="")).classroom
    ana = join(store, room.id, JoinRequest("Ana", LearnerSite.BROWSER, "1"), now=OPENED_AT).learner
    append_seconds(store, room.id, seconds([(0, 1)], scores=0))
    (row,) = read(learner_csv(room, ana, seconds_of_learner(store, ana.id), ()))
    own = ["t_s", "time_utc", "said", "words", "measured", "usable", "present"]
    assert list(row) == [*own, *columns]
