"""Migrates a database to the version of this Mien, by one process at a time.

Everything happens in one transaction: an interrupted migration leaves the database unchanged.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from core.storage.store_version import found_version

LOCK_TIMEOUT_S = 600.0
"""How long to wait for another process that migrates: minutes for millions of rows."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_NUMBER = 0x4D69656E  # of PostgreSQL's advisory lock: "Mien"
_PAGES_PER_STEP = 1000

_one_at_a_time = Lock()  # Alembic keeps its state in module variables


def migrate(engine: Engine, *, newest: int) -> None:
    """Migrate a database to the newest version; create its tables where there are none.

    A SQLite file is backed up first: beside it, named after its version.

    Args:
        newest: the target version.
    Raises:
        StoreError: the database is of a newer Mien, or holds tables that are not Mien's.
        SQLAlchemyError, OSError: it cannot be read, written or backed up; it is unchanged.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with _one_at_a_time, _exclusive_connection(engine, is_sqlite=is_sqlite) as connection:
        version = found_version(connection, newest=newest)  # another process may have been faster
        if version == newest:
            return
        with _backed_up(connection, version) if is_sqlite and version else nullcontext():
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            command.upgrade(config, str(newest))


@contextmanager
def _exclusive_connection(engine: Engine, *, is_sqlite: bool) -> Iterator[Connection]:
    """A connection in a transaction that excludes migrations by other processes."""
    if not is_sqlite:
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
            yield connection
        return
    # Python's driver starts no transaction before DDL statements: here it is started explicitly,
    # and locks the file at once.
    exclusive = create_engine(
        engine.url, poolclass=NullPool, connect_args={"timeout": LOCK_TIMEOUT_S}
    )
    event.listen(exclusive, "connect", _disable_autobegin)
    event.listen(exclusive, "begin", lambda one: one.exec_driver_sql("BEGIN IMMEDIATE"))
    with exclusive.begin() as connection:
        yield connection


def _disable_autobegin(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


@contextmanager
def _backed_up(connection: Connection, version: int) -> Iterator[None]:
    """Back up a SQLite file beside it; deleted again if the block fails."""
    path = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
    if not path:  # in memory
        yield
        return
    backup = _backup(Path(path), version)
    try:
        yield
    except BaseException:
        backup.unlink()
        raise


def _backup(path: Path, version: int) -> Path:
    """A full backup, `sessions.db.version-1`; an earlier one is not overwritten.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    partial = path.with_name(f".{path.name}.half-copied")
    partial.unlink(missing_ok=True)
    try:
        source_address = f"{path.resolve().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(source_address, uri=True)) as source,
            closing(sqlite3.connect(partial)) as target,
        ):
            source.backup(target, pages=_PAGES_PER_STEP)
    except sqlite3.Error as error:
        with suppress(OSError):
            partial.unlink()
        raise OSError(f"no copy of {path.name} can be kept beside it ({error})") from error
    shutil.copymode(path, partial)
    backup, number = path.with_name(f"{path.name}.version-{version}"), 2
    while backup.exists():
        backup, number = path.with_name(f"{path.name}.version-{version}-{number}"), number + 1
    partial.rename(backup)
    return backup
