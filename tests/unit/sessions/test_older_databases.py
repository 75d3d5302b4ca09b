"""Databases that people have from earlier versions keep working."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import create_engine, inspect, select, text

from core.domain import AnalysisSite, Event, EventKind, rounded_blendshapes
from core.sessions import SessionStore, read_by
from core.settings import PROJECT_DIR
from core.storage import tables
from tests.make import BEGAN_AT, make_moment, make_observation, make_session
from tests.unit.sessions import version_1

SCHEMA_1 = PROJECT_DIR / "tests" / "golden" / "sessions_schema_1.sql"
SESSION = "2026-11-21-1200-calm-otter"
MOVED = rounded_blendshapes(np.linspace(0, 1, 52))
LATER = BEGAN_AT + timedelta(hours=1)


@pytest.fixture
def old(url, tmp_path):
    """The address of a database made by the schema without blendshapes."""
    (tmp_path / "new folder").mkdir()
    written = SCHEMA_1.read_text(encoding="utf-8")
    if url.startswith("postgresql"):  # SQLite numbers rows by itself
        written = written.replace("row_id INTEGER NOT NULL", "row_id BIGSERIAL NOT NULL")
    made = create_engine(url)
    with made.begin() as connection:
        for statement in filter(str.strip, written.split(";\n")):
            connection.exec_driver_sql(statement)
    made.dispose()
    return url


def _shapes(url, *, of=SESSION):
    with SessionStore.open(url) as store:
        return store.read(of).blendshapes


def test_a_database_from_before_blendshapes_opens_and_loses_no_row(old):
    with SessionStore.open(old) as store:
        timeline = store.read(SESSION)
        assert store.entry(SESSION).session.not_sure_below == 0.4
        assert read_by(store, store.entry(SESSION)) == (AnalysisSite.SERVER,)
    assert timeline.face_id.tolist() == [1, 2, 0, 1]
    assert timeline.events == (Event(0.2, EventKind.MARK, "a mark"),)
    assert timeline.scores[0][3] == pytest.approx(0.8)
    assert np.isnan(timeline.blendshapes).all()
    assert timeline.blendshapes.shape == (4, 52)


def test_an_old_session_continues_with_blendshapes_after_rows_without(old):
    with SessionStore.open(old) as store:
        seen = replace(make_observation(0.3), blendshapes=MOVED)
        store.append(SESSION, [make_moment(0.3, seen), make_moment(0.4)], now=LATER)
    shapes = _shapes(old)
    assert np.isnan(shapes).all(axis=1).tolist() == [True, True, True, True, False, True]
    assert np.array_equal(shapes[4], MOVED)


def test_opening_twice_changes_nothing(old):
    for _ in range(2):
        SessionStore.open(old).close()
    made = create_engine(old)
    with made.connect() as connection:
        found = connection.execute(select(tables.schema_version.c.version)).scalars().all()
        assert found == [tables.VERSION]
        assert "observations" not in inspect(connection).get_table_names()
    made.dispose()
    with SessionStore.open(old) as store:
        assert len(store.read(SESSION)) == 4


@pytest.mark.parametrize(
    "table",
    ["session_labels", "session_thresholds", "session_pauses", "observation_blendshapes"],
)
def test_a_database_from_before_a_table_loses_nothing_else(tmp_path, table):
    url = f"sqlite:///{tmp_path}/sessions.db"
    written = version_1.write(url, rows=30)
    made = create_engine(url)
    with made.begin() as connection:
        connection.execute(text(f"DROP TABLE {table}"))
    made.dispose()
    with SessionStore.open(url) as store:
        found = store.entry(version_1.FINISHED).session
        assert (found.not_sure_below is None) == (table == "session_thresholds")
        assert (found.pauses == ()) == (table == "session_pauses")
        assert (store.entry(version_1.CUT_OFF).session.labels == ()) == (table == "session_labels")
        timeline = store.read(version_1.FINISHED)
    assert timeline.frame_index.tolist() == [
        row["frame_index"] for row in written.rows[version_1.FINISHED]
    ]
    assert np.isnan(timeline.blendshapes).all() == (table == "observation_blendshapes")


def test_deleting_one_session_leaves_the_blendshapes_of_others(store):
    for name in ("gone", "kept"):
        store.begin(make_session(name))
        seen = replace(make_observation(0.0), blendshapes=MOVED)
        store.append(name, [make_moment(0.0, seen)], now=LATER)
    store.delete("gone")
    assert np.array_equal(store.read("kept").blendshapes, MOVED[None])
    with store._engine.connect() as connection:
        assert len(connection.execute(select(tables.row_blocks)).all()) == 1


def test_the_longest_list_of_blendshapes_fits_its_column(store):
    store.begin(make_session())
    seen = replace(make_observation(0.0), blendshapes=rounded_blendshapes(np.ones(52)))
    store.append(make_session().id, [make_moment(0.0, seen)], now=LATER)
    assert (store.read(make_session().id).blendshapes == 1).all()


def test_many_rows_keep_their_own_blendshapes(store):
    store.begin(make_session())
    rng = np.random.default_rng(2)
    moved = [rounded_blendshapes(rng.random(52)) for _ in range(1500)]
    moments = [
        make_moment(at / 10, replace(make_observation(at / 10), blendshapes=shapes))
        for at, shapes in enumerate(moved)
    ]
    store.append(make_session().id, moments, now=LATER)
    assert np.array_equal(store.read(make_session().id).blendshapes, np.stack(moved))
