"""A session database of each kind."""

from tests.unit.sessions.conftest import (
    migrated_folder,
    migrated_postgres,
    postgres_database,
    postgres_server,
    store,
    url,
)

__all__ = [
    "migrated_folder",
    "migrated_postgres",
    "postgres_database",
    "postgres_server",
    "store",
    "url",
]
