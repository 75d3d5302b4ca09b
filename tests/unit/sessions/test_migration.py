"""Databases of earlier versions are migrated: nothing is lost, by one process, or not at all."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, insert, text
from sqlalchemy.exc import OperationalError

from core.domain import FER7, Owner, Participant, SourceKind
from core.domain.errors import StoreError
from core.sessions import (
    SessionStore,
    keep_calibration,
    kept_calibrations,
    owner_of,
    people_of,
    save_participant,
    segments_of,
)
from core.sessions.stored_session import row_of
from core.sessions.timeline_packing import columns_of, packed_blocks
from core.settings import PROJECT_DIR
from core.storage import database, migration, tables
from core.storage.frame_row_columns import COMPACT
from core.storage.store_version import VERSION_TABLE
from tests.calibrating import make_measured
from tests.make import BEGAN_AT, make_moment, make_observation, make_session
from tests.unit.sessions import version_1
from tests.unit.sessions.version_1 import CUT_OFF, EMPTY, FINISHED

WRITTEN_BY_VERSION_1 = PROJECT_DIR / "tests" / "golden" / "sessions_version_1.db"
WRITTEN_BY_VERSION_2 = PROJECT_DIR / "tests" / "golden" / "sessions_version_2.db"
_NUMBERS = ("time_s", "confidence", "brightness", "blur", "face_px", "eyes_open", "latency_ms")
_SEVERAL = {
    "box": ("box_left", "box_top", "box_right", "box_bottom"),
    "pose": ("yaw", "pitch", "roll"),
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sessions.db"


def _url(path):
    return f"sqlite:///{path}"


def _floats(rows, name):
    return np.array([row[name] for row in rows], np.float64)


def _lists(rows, name, width):
    nothing = [np.nan] * width
    return np.array([nothing if row[name] is None else json.loads(row[name]) for row in rows])


def expect_same(timeline, rows, shapes):
    """Every number of every row of version 1, to the last bit."""
    assert len(timeline) == len(rows) > 0
    same = {name: _floats(rows, name) for name in _NUMBERS}
    same |= {
        name: np.stack([_floats(rows, part) for part in parts], axis=1)
        for name, parts in _SEVERAL.items()
    }
    same |= {name: _lists(rows, name, len(timeline.scheme)) for name in ("scores", "steady")}
    nothing = [np.nan] * 52
    thousandths = np.array([nothing if one is None else one for one in shapes])
    same["blendshapes"] = (thousandths / 1000).astype(np.float32)
    for name, wanted in same.items():
        assert np.array_equal(getattr(timeline, name), wanted, equal_nan=True), name
    for name in ("frame_index", "face_id", "usable", "reason"):
        assert getattr(timeline, name).tolist() == [row[name] for row in rows], name
    marked = {(row["time_s"], row["event"]): None for row in rows if row["event"]}
    assert [(event.time_s, event.words) for event in timeline.events] == list(marked)


@pytest.mark.parametrize("rows", [100_000])
def test_a_database_of_version_1_loses_no_number(path, rows):
    written = version_1.write(_url(path), rows=rows)
    with SessionStore.open(_url(path)) as store:
        for name in (FINISHED, CUT_OFF):
            expect_same(store.read(name), written.rows[name], written.shapes[name])
        assert len(store.read(EMPTY)) == 0


def test_either_kind_of_database_is_migrated(url, tmp_path):
    (tmp_path / "new folder").mkdir()
    written = version_1.write(url, rows=3000)
    with SessionStore.open(url) as store:
        for name in (FINISHED, CUT_OFF):
            expect_same(store.read(name), written.rows[name], written.shapes[name])
        entries = {one.session.id: one for one in store.sessions()}
    finished, cut_off, empty = (entries[name] for name in (FINISHED, CUT_OFF, EMPTY))
    assert (finished.rows, finished.faces, finished.first_s) == (2000, 2, 0.0)
    assert finished.last_s == written.rows[FINISHED][-1]["time_s"]
    assert (empty.rows, empty.faces, empty.first_s, empty.last_s) == (0, 0, 0.0, 0.0)
    assert finished.session.pauses == ((0.5, 12.25), (1.0, 1 / 3))
    assert finished.session.not_sure_below == 0.1 + 0.2
    assert finished.session.title == f"Müller's «{FINISHED}»"
    assert finished.session.source is SourceKind.CAMERA
    assert finished.session.ended_at is not None
    assert (cut_off.session.ended_at, cut_off.session.labels) == (None, ("open", "closed"))
    assert cut_off.session.not_sure_below is None


def test_columns_missing_in_version_1_stay_empty(path):
    version_1.write(_url(path), rows=60)
    with SessionStore.open(_url(path)) as store:
        timeline = store.read(FINISHED)
    assert np.isnan(timeline.lip_gap).all()
    assert set(timeline.shown) == set(timeline.eye) == {""}


def test_a_database_of_version_1_is_read_as_before(path):
    shutil.copy(WRITTEN_BY_VERSION_1, path)
    with closing(sqlite3.connect(WRITTEN_BY_VERSION_1)) as raw:
        raw.row_factory = sqlite3.Row
        wanted = "SELECT * FROM observations LEFT JOIN observation_blendshapes USING (row_id) "
        wanted += "WHERE session_id = ? ORDER BY time_s, row_id"
        names = [row["id"] for row in raw.execute("SELECT id FROM sessions ORDER BY began_at, id")]
        rows = {name: raw.execute(wanted, (name,)).fetchall() for name in names}
    shapes = {
        name: [one["thousandths"] and json.loads(one["thousandths"]) for one in found]
        for name, found in rows.items()
    }
    with SessionStore.open(_url(path)) as store:
        demo, cut_off, empty = sorted(rows)
        for name in (demo, cut_off):
            expect_same(store.read(name), rows[name], shapes[name])
        assert len(store.read(empty)) == 0
        assert store.entry(demo).session.pauses[0][1] == 12.5
        assert store.entry(cut_off).session.title == "Cut off «中»"


def test_an_interrupted_session_of_version_1_continues_after_its_old_rows(url, tmp_path):
    (tmp_path / "new folder").mkdir()
    written = version_1.write(url, rows=300)
    more = [make_moment(1000.0 + at / 10, make_observation(1000.0 + at / 10)) for at in range(3)]
    with SessionStore.open(url) as store:
        store.append(FINISHED, more, now=BEGAN_AT)
        timeline, rows = store.read_after(FINISHED, 0)
        assert (len(timeline), rows, store.entry(FINISHED).rows) == (203, 203, 203)
        expect_same(
            timeline.where(np.arange(203) < 200), written.rows[FINISHED], written.shapes[FINISHED]
        )
        assert timeline.scores[-1].tolist() == more[-1].observations[0].scores.values.tolist()
        assert timeline.eye[-3:].tolist() == ["server"] * 3


def test_a_database_of_version_2_keeps_everything_and_can_hold_calibrations(path):
    shutil.copy(WRITTEN_BY_VERSION_2, path)
    before = _everything(path)
    ended, cut_off = "2026-11-29-1200-calm-otter", "2026-11-29-1300-quick-fox"
    with SessionStore.open(_url(path)) as store:
        assert [one.session.id for one in store.sessions()] == [cut_off, ended]
        timeline = store.read(ended)
        assert (len(timeline), len(timeline.events), timeline.face_ids) == (70, 2, (1, 2))
        assert store.entry(ended).session.pauses == ((2.0, 12.5),)
        assert [one.prompt for one in segments_of(store, ended)] == ["Why?"]
        assert people_of(store, ended) == {1: Participant("p1", "Ana", "g1")}
        assert owner_of(store, ended) == Owner("o1", "A teacher")
        assert store.calibrations(ended) == {}
        store.append(cut_off, [make_moment(9.0, make_observation(9.0))], now=BEGAN_AT)
        store.set_calibration(ended, 2, make_measured())
    with SessionStore.open(_url(path)) as store:
        assert len(store.read(cut_off)) == 4
        assert store.calibrations(ended) == {2: make_measured()}
    assert _everything(path.with_name("sessions.db.version-2")) == before


def _write_version_2(path, *, rows):
    """Three sessions as version 2 wrote them, the second cut off, the third empty; their blocks."""
    engine = create_engine(_url(path))
    migration.migrate(engine, newest=2, waits_s=1.0)
    amounts = {"ended": rows // 2, "cut-off": rows - rows // 2, "empty": 0}
    blocks = {name: [] for name in amounts}
    moments = [make_moment(at / 30, make_observation(at / 30)) for at in range(300)]
    block = columns_of(FER7, moments)
    with engine.begin() as connection:
        for key, (name, count) in enumerate(amounts.items(), start=1):
            session = make_session(name, ended_at=None if name == "cut-off" else BEGAN_AT)
            row = row_of(session) | {"key": key, "row_count": count, "face_count": 1}
            connection.execute(insert(tables.sessions), [row | {"first_s": 0.0, "last_s": 9.0}])
            for first in range(0, count, 300):
                own = {column: values[: count - first] for column, values in block.items()}
                own["time_s"] = own["time_s"] + first / 30
                ((size, content),) = packed_blocks(own, [len(own["time_s"])])[0]
                place = {"session_key": key, "first_row": first, "row_count": size, "form": COMPACT}
                connection.execute(insert(tables.row_blocks), [place | {"content": content}])
                blocks[name].append(content)
    engine.dispose()
    return blocks


def _blocks(path):
    statement = (
        "SELECT id, content FROM sessions LEFT JOIN row_blocks ON session_key = sessions.key"
    )
    found = {}
    with closing(sqlite3.connect(path)) as raw:
        for name, content in raw.execute(f"{statement} ORDER BY sessions.key, first_row"):
            found.setdefault(name, []).extend([] if content is None else [content])
    return found


def test_a_database_of_version_2_with_a_hundred_thousand_rows_loses_none(path):
    written = _write_version_2(path, rows=100_000)
    before = _everything(path)
    with SessionStore.open(_url(path)) as store:
        entries = {one.session.id: one for one in store.sessions()}
        assert {name: one.rows for name, one in entries.items()} == {
            "ended": 50_000,
            "cut-off": 50_000,
            "empty": 0,
        }
        assert (entries["cut-off"].session.ended_at, entries["ended"].session.ended_at) == (
            None,
            BEGAN_AT,
        )
        assert len(store.read("cut-off")) == 50_000
    assert _blocks(path) == written
    assert _everything(path.with_name("sessions.db.version-2")) == before


def test_of_two_processes_one_migrates_version_2_and_the_other_waits(path):
    written = _write_version_2(path, rows=6000)
    code = "import sys; from core.sessions import SessionStore as S; s = S.open(sys.argv[1]); "
    code += "print(sum(one.rows for one in s.sessions()))"
    command = [sys.executable, "-c", code, _url(path)]
    several = [
        subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [one.communicate()[0].strip() for one in several] == ["6000"] * 2
    assert _blocks(path) == written
    assert len(list(path.parent.glob("*.version-2*"))) == 1


def test_either_kind_of_database_of_version_2_is_migrated(url, tmp_path):
    (tmp_path / "new folder").mkdir()
    engine = create_engine(url)
    migration.migrate(engine, newest=2, waits_s=1.0)
    with engine.begin() as connection:
        statement = "INSERT INTO participants (id, name) VALUES ('p1', 'Ana')"
        connection.execute(text(statement))
    engine.dispose()
    with SessionStore.open(url) as store:
        keep_calibration(store, Participant("p2", "Ben"), make_measured())
        assert [one.participant.name for one in kept_calibrations(store)] == ["Ben"]
        save_participant(store, Participant("p1", "Anna"))


def test_a_table_of_another_program_in_a_database_of_version_2_is_left_alone(path):
    shutil.copy(WRITTEN_BY_VERSION_2, path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE session_calibrations (colour TEXT)")
        raw.commit()
    before = _everything(path)
    with pytest.raises(StoreError, match="session_calibrations that is not Mien's"):
        SessionStore.open(_url(path))
    assert _everything(path) == before


def test_migrated_tables_match_the_schema(url):
    SessionStore.open(url).close()
    made = create_engine(url)
    with made.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, tables.metadata) == []
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()
        assert found == [str(tables.VERSION)]
        number = connection.execute(text("SELECT version FROM schema_version")).scalars().all()
        assert number == [tables.VERSION]
    made.dispose()


def test_a_backup_is_written_and_does_not_overwrite_an_earlier_one(path):
    version_1.write(_url(path), rows=30)
    before = path.read_bytes()
    path.with_name("sessions.db.version-1").write_text("precious")
    SessionStore.open(_url(path)).close()
    assert path.with_name("sessions.db.version-1").read_text() == "precious"
    copy = path.with_name("sessions.db.version-1-2")
    assert _everything(copy) == _everything(_as_file(before, path.with_name("before.db")))
    assert not list(path.parent.glob(".*"))


def test_a_new_database_and_one_of_this_version_get_no_backup(path):
    for _ in range(2):
        SessionStore.open(_url(path)).close()
    assert {one.name for one in path.parent.iterdir()} <= {
        "sessions.db",
        "sessions.db-wal",
        "sessions.db-shm",
    }


def test_other_tables_in_the_database_are_left_alone(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE sessions (cookie TEXT)")
        raw.commit()
    before = _everything(path)
    with pytest.raises(StoreError, match="not Mien's"):
        SessionStore.open(_url(path))
    assert _everything(path) == before


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE schema_version (version TEXT)", "INSERT INTO schema_version VALUES ('1.0')"),
        ("CREATE TABLE schema_version (rank INTEGER)",),
        ("CREATE TABLE store_version (version_num TEXT)", "INSERT INTO store_version VALUES ('a')"),
        ("CREATE TABLE groups (name TEXT)",),
        ("CREATE TABLE participant_calibrations (name TEXT)",),
        ("CREATE VIEW sessions AS SELECT 1",),
        ("CREATE TABLE schema_version (version INTEGER)", "CREATE TABLE owners (name TEXT)"),
        (
            "CREATE TABLE sessions (cookie TEXT)",
            "CREATE TABLE schema_version (version INTEGER)",
            "INSERT INTO schema_version VALUES (1)",
        ),
    ],
)
def test_tables_of_another_program_are_recognised_and_left_alone(path, statements):
    with closing(sqlite3.connect(path)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()
    before = _everything(path)
    with pytest.raises(StoreError, match="not Mien's") as caught:
        SessionStore.open(_url(path))
    assert "another database" in caught.value.advice
    assert _everything(path) == before


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_version_without_sessions_is_an_error(path, version):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE schema_version (version INTEGER)")
        raw.execute(f"INSERT INTO schema_version VALUES ({version})")
        raw.commit()
    before = _everything(path)
    with pytest.raises(StoreError, match="no table of sessions"):
        SessionStore.open(_url(path))
    assert _everything(path) == before


def test_an_interrupted_first_start_of_version_1_is_completed(path):
    with closing(sqlite3.connect(path)) as raw:
        statements = version_1.TABLES.read_text(encoding="utf-8").split(";\n")
        for statement in statements[:3]:
            raw.execute(statement)
    with SessionStore.open(_url(path)) as store:
        assert store.sessions() == []


def test_a_read_only_database_is_an_error_and_stays_unchanged(path, monkeypatch):
    monkeypatch.setattr(database, "LOCK_TIMEOUT_S", 0.1)
    version_1.write(_url(path), rows=30)
    before = _everything(path)
    with pytest.raises(StoreError, match="readonly") as caught:
        SessionStore.open(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert "right to write" in caught.value.advice
    assert _everything(path) == before
    assert [one.name for one in path.parent.glob("sessions.db.*")] == []


def test_without_a_backup_nothing_is_migrated(path, monkeypatch):
    version_1.write(_url(path), rows=30)
    before = _everything(path)

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(migration.shutil, "copymode", full)
    with pytest.raises(StoreError, match="No space left"):
        SessionStore.open(_url(path))
    assert _everything(path) == before


@pytest.mark.parametrize("ends", ["killed", "failed"])
def test_an_interrupted_migration_changes_nothing(path, ends):
    written = version_1.write(_url(path), rows=600)
    before = _everything(path)
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.sessions.interrupted_migration", _url(path), ends],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
    )
    if ends == "killed":
        assert done.returncode == -signal.SIGKILL, done.stderr
    else:
        assert "StoreError" in done.stderr
    assert _everything(path) == before
    with SessionStore.open(_url(path)) as store:
        expect_same(store.read(FINISHED), written.rows[FINISHED], written.shapes[FINISHED])


@pytest.mark.parametrize("scores", ["[1, 2", "[0.5]", "5", '"happy"'])
def test_damaged_rows_are_an_error_that_names_their_session(path, scores):
    version_1.write(_url(path), rows=60)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE observations SET scores = ? WHERE row_id = 12", (scores,))
        raw.commit()
    before = _everything(path)
    with pytest.raises(StoreError, match=f"Rows of the session {FINISHED} are damaged") as caught:
        SessionStore.open(_url(path))
    assert "Delete it" in caught.value.advice
    assert _everything(path) == before


def test_killed_migrations_leave_no_backups(path):
    version_1.write(_url(path), rows=60)
    for _ in range(2):
        stopped = "tests.unit.sessions.interrupted_migration"
        subprocess.run([sys.executable, "-m", stopped, _url(path), "killed"], cwd=PROJECT_DIR)
        assert [one.name for one in path.parent.glob("*.version-*")] == []
    SessionStore.open(_url(path)).close()
    assert [one.name for one in path.parent.glob("*.version-*")] == ["sessions.db.version-1"]
    assert list(path.parent.glob(".*")) == []


def test_a_migration_that_cannot_be_committed_leaves_no_backup(path):
    version_1.write(_url(path), rows=60)
    before = _everything(path)

    def refuse(_connection):
        raise OperationalError("COMMIT", {}, OSError("database or disk is full"))

    event.listen(Engine, "commit", refuse)
    try:
        with pytest.raises(StoreError, match="disk is full"):
            SessionStore.open(_url(path))
    finally:
        event.remove(Engine, "commit", refuse)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert _everything(path) == before


def test_a_migration_waits_seconds_for_a_program_that_only_writes(path, monkeypatch):
    monkeypatch.setattr(database, "LOCK_TIMEOUT_S", 0.1)
    version_1.write(_url(path), rows=30)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(migration, "MIGRATION_TIMEOUT_S", 0.2)  # or this test waits for minutes
        with pytest.raises(StoreError, match="database is locked") as caught:
            SessionStore.open(_url(path))
    assert "Another program holds it" in caught.value.advice


def test_of_two_processes_one_migrates_and_the_other_waits(url, tmp_path):
    (tmp_path / "new folder").mkdir()
    written = version_1.write(url, rows=6000)
    code = "import sys; from core.sessions import SessionStore as S; s = S.open(sys.argv[1]); "
    code += "print(sum(one.rows for one in s.sessions()))"
    several = [
        subprocess.Popen(
            [sys.executable, "-c", code, url], cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert [one.communicate()[0].strip() for one in several] == ["6000"] * 3
    with SessionStore.open(url) as store:
        expect_same(store.read(FINISHED), written.rows[FINISHED], written.shapes[FINISHED])
        assert len(store.sessions()) == 3
    if url.startswith("sqlite"):
        assert len(list((tmp_path / "new folder").glob("*.version-1*"))) == 1


def test_a_program_of_version_1_refuses_what_was_migrated(path):
    version_1.write(_url(path), rows=30)
    SessionStore.open(_url(path)).close()
    with closing(sqlite3.connect(path)) as raw:  # what it looks at before anything else
        (found,) = raw.execute("SELECT version FROM schema_version").fetchone()
    assert found > 1


def _as_file(content: bytes, path: Path) -> Path:
    path.write_bytes(content)
    return path


def _everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return list(raw.iterdump())
