"""A process whose migration ends in the middle: with rows carried over, and tables still there."""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from core.sessions import SessionStore


def main(url: str, ends: str) -> None:
    """Open a database of version 1; `ends` says how it goes wrong."""

    @event.listens_for(Engine, "before_cursor_execute")
    def stop(_connection, _cursor, statement, *_):
        if statement.strip().startswith("DROP TABLE observations"):
            if ends == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OperationalError(statement, {}, OSError("disk I/O error"))

    SessionStore.open(url)


if __name__ == "__main__":
    main(*sys.argv[1:])
