from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import create_engine

from core.sessions import SessionStore
from core.storage import migration
from tests.new_databases import migrated_once


def _made_of(path):
    with closing(sqlite3.connect(path)) as database:
        described = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
        version = database.execute("SELECT version_num FROM store_version")
        mode = database.execute("PRAGMA journal_mode")
        return described.fetchall(), version.fetchall(), mode.fetchall()


def test_a_copied_database_is_as_a_migrated_one_and_holds_no_session(tmp_path, monkeypatch):
    SessionStore.open(f"sqlite:///{tmp_path}/migrated.db").close()
    (tmp_path / "kept").mkdir()
    with migrated_once(tmp_path / "kept"):
        monkeypatch.setattr(migration.command, "upgrade", None)  # it would be called to migrate
        with SessionStore.open(f"sqlite:///{tmp_path}/copied.db") as copied:
            assert copied.sessions() == []
    assert _made_of(tmp_path / "copied.db") == _made_of(tmp_path / "migrated.db")


def test_what_holds_a_table_is_migrated_and_not_copied_over(tmp_path):
    with closing(sqlite3.connect(tmp_path / "sessions.db")) as database:
        database.execute("CREATE TABLE studies (number INTEGER)")
        database.execute("INSERT INTO studies VALUES (7)")
        database.commit()
    (tmp_path / "kept").mkdir()
    with migrated_once(tmp_path / "kept"):
        SessionStore.open(f"sqlite:///{tmp_path}/sessions.db").close()
    with closing(sqlite3.connect(tmp_path / "sessions.db")) as database:
        assert database.execute("SELECT number FROM studies").fetchall() == [(7,)]


def test_an_earlier_version_is_migrated_to_and_not_copied(tmp_path):
    (tmp_path / "kept").mkdir()
    engine = create_engine(f"sqlite:///{tmp_path}/earlier.db")
    with migrated_once(tmp_path / "kept"):
        migration.migrate(engine, newest=2, waits_s=1.0)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "earlier.db")) as database:
        assert database.execute("SELECT version_num FROM store_version").fetchall() == [("2",)]


def test_migrations_are_real_again_afterwards(tmp_path):
    migrate = migration.migrate
    with migrated_once(tmp_path):
        assert migration.migrate is not migrate
    assert migration.migrate is migrate
