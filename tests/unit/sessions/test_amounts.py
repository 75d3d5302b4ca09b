"""What a session amounts to is known without looking at its rows, and rows take little space."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import event, func, select

from core.domain import FER7, Box, EmotionScores, HeadPose, rounded_blendshapes
from core.sessions import SessionStore
from core.sessions.timeline_packing import BLOCK_ROWS
from core.storage import tables
from tests.make import BEGAN_AT, make_moment, make_observation, make_session

LATER = BEGAN_AT + timedelta(hours=1)
TEN_HOURS_ROWS = 10 * 3600 * 30
MOST_MEGABYTES = 150


@pytest.fixture
def asked(store):
    """Every statement the database is asked."""
    statements = []
    event.listen(
        store._engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: statements.append(statement),
    )
    return statements


def _fill(store, name, count):
    store.begin(make_session(name))
    moments = [make_moment(at / 10, make_observation(at / 10)) for at in range(count)]
    for first in range(0, count, 40):
        store.append(name, moments[first : first + 40], now=LATER)


@pytest.mark.parametrize("ask", [lambda store: store.entry("b"), lambda store: store.sessions()])
def test_reading_an_entry_takes_the_same_queries_for_any_number_of_rows(store, asked, ask):
    _fill(store, "a", 10)
    _fill(store, "b", 10)
    asked.clear()
    ask(store)
    of_few = list(asked)
    _fill(store, "c", 2000)
    store.append("b", [make_moment(at / 10) for at in range(20, 2000)], now=LATER)
    asked.clear()
    ask(store)
    assert asked == of_few
    assert len(of_few) == 2
    assert not [one for one in of_few if "row_blocks" in one or "session_faces" in one]


def test_a_session_is_found_by_an_index_without_a_full_scan(tmp_path):
    with SessionStore.open(f"sqlite:///{tmp_path}/sessions.db") as store:
        _fill(store, "a", 10)
        asked = []
        event.listen(
            store._engine,
            "before_cursor_execute",
            lambda _c, _cursor, statement, values, *_: asked.append((statement, values)),
        )
        store.entry("a")
        store.read("a")
        store.append("a", [make_moment(2.0)], now=LATER)
        with store._engine.connect() as connection:
            for statement, values in list(asked):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                assert not [row for row in plan.all() if row[3].startswith("SCAN")], statement


def test_stored_amounts_equal_those_of_the_rows(store):
    store.begin(make_session("a"))
    assert _amounts(store) == (0, 0, 0.0, 0.0)
    two = [make_observation(0.5, track_id=number) for number in (1, 3)]
    store.append("a", [make_moment(0.5, *two), make_moment(0.6)], now=LATER)
    assert _amounts(store) == (3, 2, 0.5, 0.6)
    store.append("a", [], now=LATER)
    store.append("a", [make_moment(0.75, make_observation(0.75, track_id=4))], now=LATER)
    assert _amounts(store) == (4, 3, 0.5, 0.75)
    assert _amounts(store) == _counted(store.read("a"))


def test_a_write_that_fails_counts_nothing(store):
    _fill(store, "a", 10)
    before = _amounts(store)
    wild = replace(make_observation(2.0), pose=HeadPose(1e6, 0.0, 0.0))
    with pytest.raises(ValueError, match="pose"):
        store.append("a", [make_moment(2.0, wild)], now=LATER)
    assert _amounts(store) == before == _counted(store.read("a"))


@pytest.mark.parametrize("at_once", [1, 7, 45, BLOCK_ROWS, 1000])
def test_rows_end_up_in_full_blocks_in_order_however_they_are_written(store, at_once):
    store.begin(make_session("a"))
    count = 2 * BLOCK_ROWS + 20
    moments = [make_moment(at / 10, make_observation(at / 10)) for at in range(count)]
    for first in range(0, count, at_once):
        store.append("a", moments[first : first + at_once], now=LATER)
    assert store.read("a").frame_index.tolist() == list(range(count))
    with store._engine.connect() as connection:
        table = tables.row_blocks.c
        counts = select(table.row_count, table.first_row).order_by(table.first_row)
        blocks = connection.execute(counts).all()
        assert connection.execute(select(func.sum(table.row_count))).scalar() == count
    assert [one.first_row for one in blocks] == [
        sum(before.row_count for before in blocks[:at]) for at in range(len(blocks))
    ]
    assert [one.row_count for one in blocks][:2] == [BLOCK_ROWS] * 2


def test_only_rows_after_the_known_ones_are_read(store):
    _fill(store, "a", 2 * BLOCK_ROWS)
    for known in (0, 1, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1, 2 * BLOCK_ROWS):
        found, rows = store.read_after("a", known)
        assert found.frame_index.tolist() == list(range(known, 2 * BLOCK_ROWS))
        assert rows == 2 * BLOCK_ROWS


def test_ten_hours_of_one_face_take_at_most_150_megabytes(tmp_path):
    """Three minutes of it, written as live does, twice a second, blendshapes and all."""
    rng = np.random.default_rng(6)
    count, path = TEN_HOURS_ROWS // 200, tmp_path / "sessions.db"
    face = _Face(rng)
    with SessionStore.open(f"sqlite:///{path}") as store:
        store.begin(make_session("a"))
        empty = path.stat().st_size
        for first in range(0, count, 15):
            moments = [face.moment(at) for at in range(first, first + 15)]
            store.append("a", moments, now=LATER)
    weighs = (path.stat().st_size - empty) * 200 / 1e6
    assert weighs <= MOST_MEGABYTES, f"ten hours of one face would weigh {weighs:.0f} MB"


class _Face:
    """A face that moves as much from frame to frame as real ones do; every digit is another."""

    def __init__(self, rng):
        self._rng = rng
        self._rest = rng.beta(0.3, 4.0, 52)

    def moment(self, at):
        time_s, rng = at / 30 + float(self._rng.normal(0, 1e-3)) + 1.0, self._rng
        sway = 0.1 * np.sin(time_s / 3)
        shapes = np.clip(
            self._rest * (1 + sway) + rng.normal(0, 0.01, 52) * (self._rest > 0.01), 0, 1
        )
        left = 200 + 40 * sway + rng.normal(0, 0.5)
        seen = replace(
            make_observation(time_s),
            box=Box(left, 120 + rng.normal(0, 0.5), left + 150.3, 290.7),
            pose=HeadPose(*(20 * sway + rng.normal(0, 0.3, 3)).tolist()),
            eyes_open=float(1 - shapes[9]),
            blendshapes=rounded_blendshapes(shapes),
            lip_gap=float(abs(rng.normal(0.03, 0.01))),
            scores=self._scores(0.3),
            steady=self._scores(0.05),
            shown="neutral",
        )
        return replace(make_moment(time_s, seen), latency_ms=float(rng.normal(12, 2) % 100))

    def _scores(self, unrest):
        logits = np.array([0, -3, -1, 1, 0, -1, 3]) + self._rng.normal(0, unrest, 7)
        odds = np.exp(logits)
        return EmotionScores(FER7, (odds / odds.sum()).astype(np.float32))


def _amounts(store):
    entry = store.entry("a")
    return entry.rows, entry.faces, entry.first_s, entry.last_s


def _counted(timeline):
    return len(timeline), len(timeline.face_ids), timeline.time_s[0], timeline.time_s[-1]
