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
from sqlalchemy.exc import SQLAlchemyError

from core.storage.file_lock import file_lock
from core.storage.store_version import found_version

MIGRATION_TIMEOUT_S = 600.0
"""How long to wait for another process that migrates: minutes for millions of rows."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_NUMBER = 0x4D69656E  # of PostgreSQL's advisory lock: "Mien"
_PAGES_PER_STEP = 1000

_one_at_a_time = Lock()  # Alembic keeps its state in module variables


def migrate(engine: Engine, *, newest: int, waits_s: float) -> None:
    """Migrate a database to the newest version; create its tables where there are none.

    A SQLite file is backed up first: beside it, named after its version.

    Args:
        newest: the target version.
        waits_s: how long to wait for a program that writes to a SQLite file and does not migrate.
    Raises:
        StoreError: the database is of a newer Mien, or holds tables that are not Mien's.
        SQLAlchemyError, OSError: it cannot be read, written or backed up; it is unchanged.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    exclusive = _exclusive_sqlite(engine, waits_s) if is_sqlite else _exclusive_postgresql(engine)
    with _one_at_a_time, exclusive as connection:
        version = found_version(connection, newest=newest)  # another process may have been faster
        if version == newest:
            return
        with _backed_up(connection, version) if is_sqlite and version else nullcontext():
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            command.upgrade(config, str(newest))


@contextmanager
def _exclusive_postgresql(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that excludes migrations by other processes."""
    with engine.begin() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
        yield connection


@contextmanager
def _exclusive_sqlite(engine: Engine, waits_s: float) -> Iterator[Connection]:
    """The same. The lock file tells a migration, which takes minutes, from any other writer."""
    # Python's driver starts no transaction before DDL statements: here it is started explicitly,
    # and locks the file at once.
    exclusive = create_engine(engine.url, poolclass=NullPool, connect_args={"timeout": waits_s})
    event.listen(exclusive, "connect", _disable_autobegin)
    event.listen(exclusive, "begin", lambda one: one.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        path = _path(connection)
    only_one = file_lock(path, waits_s=MIGRATION_TIMEOUT_S) if path else nullcontext()
    with only_one, exclusive.begin() as connection:
        yield connection


def _path(connection: Connection) -> Path | None:
    """The SQLite file; None for a database in memory."""
    name = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
    return Path(name) if name else None


def _disable_autobegin(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


@contextmanager
def _backed_up(connection: Connection, version: int) -> Iterator[None]:
    """Back up a SQLite file beside it, and commit what the block changed.

    Where either fails, or the program is killed, no backup is left: each attempt would add one.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
        SQLAlchemyError: the changes cannot be committed.
    """
    path = _path(connection)
    if path is None:
        yield
        return
    copied = _copied(path)
    try:
        yield
        backup = _unused_name(path, version)
        copied.rename(backup)
    except BaseException:
        copied.unlink(missing_ok=True)
        raise
    try:
        connection.commit()
    except SQLAlchemyError:
        backup.unlink()
        raise


def _copied(path: Path) -> Path:
    """A full copy under the name of a file that nobody needs; an earlier one is overwritten."""
    copied = path.with_name(f".{path.name}.half-copied")
    copied.unlink(missing_ok=True)
    try:
        source_address = f"{path.resolve().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(source_address, uri=True)) as source,
            closing(sqlite3.connect(copied)) as target,
        ):
            target.execute("PRAGMA journal_mode = OFF")  # a second file, left on a full disk
            source.backup(target, pages=_PAGES_PER_STEP)
        shutil.copymode(path, copied)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            copied.unlink()
        raise OSError(f"no copy of {path.name} can be kept beside it ({error})") from error
    return copied


def _unused_name(path: Path, version: int) -> Path:
    """`sessions.db.version-1`; an earlier backup is not overwritten."""
    backup, number = path.with_name(f"{path.name}.version-{version}"), 2
    while backup.exists():
        backup, number = path.with_name(f"{path.name}.version-{version}-{number}"), number + 1
    return backup
