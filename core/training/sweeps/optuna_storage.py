"""Optuna's storage: the database of the sessions.

Machines with the same PostgreSQL database share their sweeps. Optuna advises against SQLite for
concurrent writes: here it is in write-ahead mode, and writers wait for the lock (tested, see
docs/decisions.md).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import optuna
from optuna.exceptions import ExperimentalWarning, OptunaError
from optuna.storages import RDBStorage
from sqlalchemy import URL

from core.domain.errors import StoreError
from core.storage.database import database_address, open_engine, store_errors, with_retries

LOCK_TIMEOUT_S = 30.0  # long: no user waits for it, and a timeout would fail the trial
HEARTBEAT_INTERVAL_S = 30
HEARTBEAT_GRACE_S = 180  # after six missed heartbeats the trial counts as failed

CREATE_TABLES_TIMEOUT_S = 5.0  # another process may create the same tables, which Optuna ignores

optuna.logging.set_verbosity(optuna.logging.WARNING)  # runs log their trials themselves


@contextmanager
def open_storage(database_url: str) -> Iterator[RDBStorage]:
    """Connect, create the tables if there are none, and disconnect at the end.

    Raises:
        StoreError, OptunaError, SQLAlchemyError: see `study_errors`.
    """
    open_engine(database_url).dispose()  # makes the folder and sets write-ahead mode
    address, options = database_address(database_url, waits_s=LOCK_TIMEOUT_S)
    storage = with_retries(lambda: _connect(address, options), for_s=CREATE_TABLES_TIMEOUT_S)
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _connect(address: URL, options: dict[str, Any]) -> RDBStorage:
    with warnings_suppressed():
        return RDBStorage(
            address.render_as_string(hide_password=False),
            engine_kwargs=options,
            heartbeat_interval=HEARTBEAT_INTERVAL_S,
            grace_period=HEARTBEAT_GRACE_S,
        )


@contextmanager
def warnings_suppressed() -> Iterator[None]:
    """Without Optuna's warnings that heartbeats are experimental and made for its own loop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        warnings.filterwarnings("ignore", "Heartbeat of storage", UserWarning)
        yield


@contextmanager
def study_errors(what: str) -> Iterator[None]:
    """Convert errors of the database and of Optuna.

    Raises:
        StoreError: in place of either.
    """
    with store_errors(what):
        try:
            yield
        except OptunaError as error:
            raise StoreError(
                f"The sweep cannot be {what}: {error}.",
                advice="Check the database in MIEN_DATABASE_URL, then resume the sweep.",
            ) from error
