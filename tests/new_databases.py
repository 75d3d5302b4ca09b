"""New SQLite databases as copies of one that was migrated, for tests of something else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from core.storage import migration
from core.storage.database import VERSION, open_engine
from core.storage.file_lock import file_lock


@contextmanager
def migrated_once(folder: Path) -> Iterator[None]:
    """While it holds, a new database gets the tables of one that was migrated in this folder.

    Whatever holds a table is migrated as ever. A copy is made under the lock of migrations: of
    processes that open one file at once, one makes its tables.
    """
    migrate = migration.migrate
    open_engine(f"sqlite:///{folder}/migrated.db").dispose()
    with closing(sqlite3.connect(folder / "migrated.db", check_same_thread=False)) as migrated:

        def migrate_or_copy(engine: Engine, *, newest: int, waits_s: float) -> None:
            name = engine.url.database or ""
            is_file = engine.dialect.name == "sqlite" and not name.startswith("file:")
            if is_file and newest == VERSION:
                with file_lock(Path(name), waits_s=migration.MIGRATION_TIMEOUT_S):
                    _copy_where_nothing_is(migrated, engine)
            migrate(engine, newest=newest, waits_s=waits_s)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migration, "migrate", migrate_or_copy)
            yield


def _copy_where_nothing_is(migrated: sqlite3.Connection, engine: Engine) -> None:
    with engine.connect() as connection:
        if not inspect(connection).get_table_names():
            migrated.backup(connection.connection.driver_connection)
