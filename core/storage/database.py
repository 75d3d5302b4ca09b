"""Database connections for several concurrent writers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)

from core.domain.errors import StoreError
from core.storage.store_version import found_version
from core.storage.tables import VERSION

LOCK_TIMEOUT_S = 5.0  # another tab's write takes milliseconds; longer means something is stuck
_RETRY_INTERVAL_S = 0.02

Result = TypeVar("Result")


def open_engine(database_url: str) -> Engine:
    """Connect, create the tables where there are none, and migrate those of an older version.

    SQLite runs in WAL mode: readers never wait for the writer, a crash of the program loses
    nothing that was committed, and a power cut at most the last transactions.

    Raises:
        StoreError: the address is wrong, or the database cannot be reached or is of a newer Mien.
    """
    with store_errors("opened"):
        url, options = database_address(database_url, waits_s=LOCK_TIMEOUT_S)
        is_sqlite = url.get_backend_name() == "sqlite"
        if is_sqlite and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, **options)
        if is_sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
        try:
            _bring_to_version(engine)
        except BaseException:
            engine.dispose()  # an open connection keeps a large journal on a disk that is full
            raise
    return engine


def _bring_to_version(engine: Engine) -> None:
    if with_retries(lambda: _version(engine), for_s=LOCK_TIMEOUT_S) < VERSION:
        # Alembic takes a tenth of a second to import, and is seldom needed.
        from core.storage.migration import migrate

        migrate(engine, newest=VERSION, waits_s=LOCK_TIMEOUT_S)


def with_retries(make: Callable[[], Result], *, for_s: float) -> Result:
    """Open or create something that another process may be creating at the same time.

    Optuna checks for tables before it creates them, so two processes may both start; and SQLite
    ignores its lock timeout while a file is changed to write-ahead mode.

    Args:
        for_s: timeout in seconds.
    Raises:
        IntegrityError, OperationalError, ProgrammingError: the last one raised.
    """
    deadline = monotonic() + for_s
    while True:
        try:
            return make()
        except (IntegrityError, OperationalError, ProgrammingError):
            if monotonic() >= deadline:
                raise
            sleep(_RETRY_INTERVAL_S)


def database_address(database_url: str, *, waits_s: float) -> tuple[URL, dict[str, Any]]:
    """The address with its driver, and SQLAlchemy's options for it.

    Args:
        waits_s: lock timeout, where only one process may write.
    Raises:
        ArgumentError: it is not an address; see `store_errors`.
    """
    url = make_url(database_url)
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        return url, {"connect_args": {"timeout": waits_s}}
    return url, {"pool_pre_ping": True}


@contextmanager
def store_errors(what: str) -> Iterator[None]:
    """Turn database errors into one sentence with advice.

    Raises:
        StoreError: in place of any database error.
    """
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(
            f"The address of the session database is not usable: {error}.",
            advice="Set MIEN_DATABASE_URL to sqlite:///PATH or postgresql://USER@HOST/NAME.",
        ) from error
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(
            f"The session database cannot be {what}: {_first_line(error)}.",
            advice=_advice(str(error).lower()),
        ) from error


def _advice(message: str) -> str:
    advices = (
        (
            "locked",
            "Another program holds it; close that program. Unsaved rows are kept meanwhile.",
        ),
        ("full", "Free some disk space. Unsaved rows are kept meanwhile."),
        ("readonly", "Give this program the right to write the file and its folder."),
        ("read-only", "Give this program the right to write the file and its folder."),
        ("permission", "Give this program the right to write the file and its folder."),
        ("malformed", "The file is damaged: move it away, and a new one is made."),
        ("not a database", "The file is damaged: move it away, and a new one is made."),
        ("connect", "Check that the database server runs and that its address is right."),
    )
    return next(
        (advice for word, advice in advices if word in message),
        "Check the address in MIEN_DATABASE_URL and the free disk space.",
    )


def _first_line(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DatabaseError) and error.orig else error
    return str(cause).strip().splitlines()[0].rstrip(".") if str(cause).strip() else repr(cause)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _version(engine: Engine) -> int:
    with engine.connect() as connection:
        return found_version(connection, newest=VERSION)
