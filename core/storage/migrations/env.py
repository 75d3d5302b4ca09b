"""Alembic's environment script; `core.storage.migration` passes the connection."""

from __future__ import annotations

from alembic import context

from core.storage.store_version import VERSION_TABLE


def run() -> None:
    """Apply the missing migrations in the connection's transaction."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, version_table=VERSION_TABLE, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name that Alembic gives it
    run()
