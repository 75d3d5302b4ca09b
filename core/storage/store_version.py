"""The schema version of a database."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Inspector, column, inspect, select, table

from core.domain.errors import StoreError
from core.storage import classroom_tables, practice_tables, tables
from core.storage.table_texts import metadata

VERSION_TABLE = "store_version"
"""Alembic's version table, not under its usual name: Optuna uses that in the same database."""

_VERSION_COLUMNS = {VERSION_TABLE: "version_num", tables.schema_version.name: "version"}
_TABLES_OF_VERSION_1 = {
    tables.schema_version.name,  # made first: an interrupted start leaves it without a number
    "sessions",
    "observations",
    "observation_blendshapes",
    "session_labels",
    "session_pauses",
    "session_thresholds",
}
_NEW_IN_VERSION = {
    3: {tables.session_calibrations.name, tables.participant_calibrations.name},
    4: {tables.session_sound.name, *practice_tables.NAMES},
    5: set(classroom_tables.NAMES),
}
_COLUMNS_OF_SESSIONS = {"id", "source", "title", "began_at", "last_write_at"}  # in every version


def found_version(connection: Connection, *, newest: int) -> int:
    """The schema version of a database; 0 where it contains no table of Mien.

    Raises:
        StoreError: it is above the newest, or it has tables of the same names that are not Mien's.
    """
    inspector = inspect(connection)
    names = {*inspector.get_table_names(), *inspector.get_view_names()}
    numbers = [_number(connection, inspector, one) for one in _VERSION_COLUMNS if one in names]
    version = max(numbers, default=0)
    if version > newest:
        raise StoreError(
            f"The session database has version {version}; this Mien knows up to {newest}.",
            advice="Update Mien, or choose another database in MIEN_DATABASE_URL.",
        )
    if version < 2:
        _expect_none(names & set(metadata.tables) - _TABLES_OF_VERSION_1)
    else:
        later = (one for number, one in _NEW_IN_VERSION.items() if number > version)
        _expect_none(names & set().union(*later))
    if not numbers:
        _expect_none(names & _TABLES_OF_VERSION_1)
    if version:
        _expect_sessions(inspector, names, version)
    return version


def _number(connection: Connection, inspector: Inspector, name: str) -> int:
    """The number in a version table; 0 where it has no row yet."""
    field = _VERSION_COLUMNS[name]
    if field not in _columns(inspector, name):
        raise _foreign(name)
    found = connection.execute(select(column(field)).select_from(table(name))).scalar()
    try:
        return 0 if found is None else int(found)
    except ValueError as error:
        raise _foreign(name) from error


def _expect_none(foreign: Iterable[str]) -> None:
    for name in sorted(foreign):
        raise _foreign(name)


def _expect_sessions(inspector: Inspector, names: set[str], version: int) -> None:
    if tables.sessions.name not in names:
        raise StoreError(
            f"The session database has version {version}, but no table of sessions.",
            advice="Restore it from a copy, or choose another database in MIEN_DATABASE_URL.",
        )
    if not _columns(inspector, tables.sessions.name) >= _COLUMNS_OF_SESSIONS:
        raise _foreign(tables.sessions.name)


def _columns(inspector: Inspector, name: str) -> set[str]:
    return {one["name"] for one in inspector.get_columns(name)}


def _foreign(name: str) -> StoreError:
    return StoreError(
        f"The database has a table {name} that is not Mien's.",
        advice="Choose another database in MIEN_DATABASE_URL.",
    )
