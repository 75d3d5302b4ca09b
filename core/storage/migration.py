"""From the version a database has to the version this Mien knows, by one process at a time.

Everything happens in one transaction: cut off in the middle, a database is as it was.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from core.storage.store_version import found_version

WAITS_FOR_OTHERS_S = 600.0
"""For another process that migrates: minutes where there are millions of rows."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_NUMBER = 0x4D69656E  # of PostgreSQL's advisory lock: "Mien"
_COPYING_PAGES = 1000

_one_at_a_time = Lock()  # Alembic keeps what it works on in module variables


def migrate(engine: Engine, *, newest: int) -> None:
    """Bring a database to the newest version; make its tables where there are none.

    A SQLite file is copied first: the copy lies beside it, named after the version it has.

    Args:
        newest: the version that is wanted.
    Raises:
        StoreError: the database is of a newer Mien, or holds tables that are not Mien's.
        SQLAlchemyError, OSError: it cannot be read, written or copied; it is as it was.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with _one_at_a_time, _alone_on(engine, is_sqlite=is_sqlite) as connection:
        version = found_version(connection, newest=newest)  # another process may have been faster
        if version == newest:
            return
        with _copied(connection, version) if is_sqlite and version else _nothing_to_keep():
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            command.upgrade(config, str(newest))


@contextmanager
def _alone_on(engine: Engine, *, is_sqlite: bool) -> Iterator[Connection]:
    """A connection in a transaction that no other process migrates in at the same time."""
    if not is_sqlite:
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
            yield connection
        return
    # Python's driver begins no transaction before it changes tables: here it is begun by hand, and
    # locks the file at once.
    alone = create_engine(
        engine.url, poolclass=NullPool, connect_args={"timeout": WAITS_FOR_OTHERS_S}
    )
    event.listen(alone, "connect", _begin_by_hand)
    event.listen(alone, "begin", lambda one: one.exec_driver_sql("BEGIN IMMEDIATE"))
    with alone.begin() as connection:
        yield connection


def _begin_by_hand(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


@contextmanager
def _copied(connection: Connection, version: int) -> Iterator[None]:
    """Keep a copy of a SQLite file beside it; if what follows fails, none is needed."""
    path = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
    if not path:  # in memory
        yield
        return
    copy = _copy_beside(Path(path), version)
    try:
        yield
    except BaseException:
        copy.unlink()
        raise


@contextmanager
def _nothing_to_keep() -> Iterator[None]:
    yield


def _copy_beside(path: Path, version: int) -> Path:
    """A whole copy, `sessions.db.version-1`; one that is there already is not touched.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    half = path.with_name(f".{path.name}.half-copied")
    half.unlink(missing_ok=True)
    try:
        source_address = f"{path.resolve().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(source_address, uri=True)) as source,
            closing(sqlite3.connect(half)) as target,
        ):
            source.backup(target, pages=_COPYING_PAGES)
    except sqlite3.Error as error:
        with suppress(OSError):
            half.unlink()
        raise OSError(f"no copy of {path.name} can be kept beside it ({error})") from error
    shutil.copymode(path, half)
    copy, number = path.with_name(f"{path.name}.version-{version}"), 2
    while copy.exists():
        copy, number = path.with_name(f"{path.name}.version-{version}-{number}"), number + 1
    half.rename(copy)
    return copy
