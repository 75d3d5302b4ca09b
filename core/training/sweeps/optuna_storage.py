"""Where Optuna keeps the sweeps: in the database of the sessions.

Machines that share a PostgreSQL share their sweeps. Optuna advises against SQLite where many write
at once: its tables lie in write-ahead mode here, and a writer waits for the one before it
(docs/decisions.md says how that was tried).
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

WAITS_FOR_LOCK_S = 30.0  # nobody looks at a screen meanwhile: patience is better than a failure
ALIVE_EVERY_S = 30
GIVEN_UP_AFTER_S = 180  # six signs of life missed: the machine of that trial is gone

MAKES_TABLES_S = 5.0  # Optuna does not look for another process that makes the same tables

optuna.logging.set_verbosity(optuna.logging.WARNING)  # runs tell their trials in our own words


@contextmanager
def open_storage(database_url: str) -> Iterator[RDBStorage]:
    """Connect, make the tables where there are none, and let go at the end.

    Raises:
        StoreError, OptunaError, SQLAlchemyError: see `study_explained`.
    """
    open_engine(database_url).dispose()  # makes the folder and sets write-ahead mode
    address, options = database_address(database_url, waits_s=WAITS_FOR_LOCK_S)
    storage = with_retries(lambda: _connect(address, options), for_s=MAKES_TABLES_S)
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _connect(address: URL, options: dict[str, Any]) -> RDBStorage:
    with quietly():
        return RDBStorage(
            address.render_as_string(hide_password=False),
            engine_kwargs=options,
            heartbeat_interval=ALIVE_EVERY_S,
            grace_period=GIVEN_UP_AFTER_S,
        )


@contextmanager
def quietly() -> Iterator[None]:
    """Without Optuna's warnings that signs of life are new, and meant for its own loop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        warnings.filterwarnings("ignore", "Heartbeat of storage", UserWarning)
        yield


@contextmanager
def study_explained(what: str) -> Iterator[None]:
    """Turn a database's or Optuna's error into one sentence.

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
