"""What Alembic runs to migrate; `core.storage.migration` hands it the connection."""

from __future__ import annotations

from alembic import context

from core.storage.store_version import VERSION_TABLE


def run() -> None:
    """Apply what is missing, inside the transaction that the connection already has."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, version_table=VERSION_TABLE, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name that Alembic gives it
    run()
