"""The schema version of a database."""

from __future__ import annotations

from sqlalchemy import Connection, column, inspect, select, table

from core.domain.errors import StoreError

VERSION_TABLE = "store_version"
"""Alembic's version table, not under its usual name: Optuna uses that in the same database."""


def found_version(connection: Connection, *, newest: int) -> int:
    """The schema version of a database; 0 where it contains no table of Mien.

    Raises:
        StoreError: it is above the newest, or it has tables of the same names that are not Mien's.
    """
    names = set(inspect(connection).get_table_names())
    numbers = []
    for name, field in ((VERSION_TABLE, "version_num"), ("schema_version", "version")):
        if name in names:
            found = connection.execute(select(column(field)).select_from(table(name))).scalar()
            numbers.append(0 if found is None else int(found))
    if not numbers and "sessions" in names:
        raise StoreError(
            "The database has a table of sessions that is not Mien's.",
            advice="Choose another database in MIEN_DATABASE_URL.",
        )
    if max(numbers, default=0) > newest:
        raise StoreError(
            f"The session database has version {max(numbers)}; this Mien knows up to {newest}.",
            advice="Update Mien, or choose another database in MIEN_DATABASE_URL.",
        )
    return max(numbers, default=0)
