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
    DisconnectionError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)

from core.domain.errors import StoreError
from core.storage.corrupt_data import printable
from core.storage.store_version import found_version
from core.storage.tables import VERSION

LOCK_TIMEOUT_S = 5.0  # another tab's write takes milliseconds; longer means something is stuck
_RETRY_INTERVAL_S = 0.02

_FREE_SPACE = "Free some disk space. Unsaved rows are kept meanwhile."
_GIVE_RIGHT = "Give this program the right to write the file and its folder."

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
    with store_errors("opened", where=_place(url)):
        if is_sqlite:
            _expect_file(url)
        engine = create_engine(url, **options)
        if is_sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
        try:
            _bring_to_version(engine)
        except BaseException:
            engine.dispose()  # an open connection keeps a large journal on a disk that is full
            raise
        if is_sqlite and not str(url.database).startswith("file:"):
            _watch_file(engine, Path(str(url.database)))
    return engine


def _place(url: URL) -> str:
    """The file of a SQLite database; any other's address, without its password."""
    is_sqlite = url.get_backend_name() == "sqlite"
    return printable((is_sqlite and url.database) or url.render_as_string(hide_password=True))


def _expect_file(url: URL) -> None:
    """Make the folder of a SQLite file.

    Raises:
        StoreError: the database would be in memory, where each thread has one of its own.
    """
    name = url.database or ":memory:"
    if name.startswith("file:"):  # an address itself, whose file is made by SQLite
        in_memory = name.startswith("file::memory:") or url.query.get("mode") == "memory"
    else:
        in_memory = name == ":memory:"
    if in_memory:
        raise StoreError(
            "A session database in memory cannot be used: other programs would not see it.",
            advice="Set MIEN_DATABASE_URL to sqlite:///PATH or postgresql://USER@HOST/NAME.",
        )
    if not name.startswith("file:"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)


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
def store_errors(what: str, *, where: str = "") -> Iterator[None]:
    """Turn database errors into one sentence with advice.

    Args:
        what: "opened", "read" or "written".
        where: file or address of the database.
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
        database = f"The session database {where}".rstrip()
        raise StoreError(
            f"{database} cannot be {what}: {_first_line(error)}.",
            advice=_advice(_own_words(error).lower()),
        ) from error


def _advice(message: str) -> str:
    advices = (
        (
            "locked",
            "Another program holds it; close that program. Unsaved rows are kept meanwhile.",
        ),
        ("full", _FREE_SPACE),
        ("no space", _FREE_SPACE),
        ("permission denied for", "Give the database's user the right to create tables."),
        ("must be owner", "Give the database's user the right to change tables."),
        ("readonly", _GIVE_RIGHT),
        ("read-only", _GIVE_RIGHT),
        ("permission", _GIVE_RIGHT),
        ("unable to open", _GIVE_RIGHT),
        ("malformed", "The file is damaged: move it away, and a new one is made."),
        ("no such table", "It is another file than before: put the right one back."),
        ("not a database", "The file is damaged: move it away, and a new one is made."),
        ("connect", "Check that the database server runs and that its address is right."),
    )
    return next(
        (advice for word, advice in advices if word in message),
        "Check the address in MIEN_DATABASE_URL and the free disk space.",
    )


def _first_line(error: BaseException) -> str:
    words = str(_cause(error)).strip()
    return words.splitlines()[0].rstrip(".") if words else repr(_cause(error))


def _own_words(error: BaseException) -> str:
    """A message without the statement, its values and a file's name, which may say anything."""
    cause = _cause(error)
    return (isinstance(cause, OSError) and cause.strerror) or str(cause)


def _cause(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DatabaseError) and error.orig else error


def _watch_file(engine: Engine, path: Path) -> None:
    """Look before each use whether a connection's file is still the one at its path: SQLite would
    write on into a deleted one, or make an empty one, and all would be lost.
    """

    def expect(*_: Any) -> None:
        if _identity(path) is None:
            raise StoreError(
                f"The file of the session database is gone: {printable(str(path))}.",
                advice="Put it back; unsaved rows are kept meanwhile. For a new one, restart Mien.",
            )

    def look(_connection: Any, record: Any, _proxy: Any) -> None:
        expect()
        if record.info.setdefault("file", _identity(path)) != _identity(path):
            record.info.clear()
            raise DisconnectionError("another file was put in its place")  # connects anew

    event.listen(engine, "do_connect", expect)
    event.listen(engine, "checkout", look)


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and number of a file; None where it is missing."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _version(engine: Engine) -> int:
    with engine.connect() as connection:
        return found_version(connection, newest=VERSION)
