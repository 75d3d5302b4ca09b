"""A child process that records with the real recorder until it is killed."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from core.live.session_writer import SessionWriter
from core.sessions import SessionStore
from tests.make import make_moment, make_observation, make_session


def main(url: str) -> None:
    """Keep 30 moments a second, and say the time of each once it is kept."""
    store = SessionStore.open(url)
    writer = SessionWriter(store, make_session(), now=lambda: datetime.now(UTC))
    began = time.monotonic()
    while True:
        time_s = time.monotonic() - began
        writer.add(make_moment(time_s, make_observation(time_s)))
        sys.stdout.write(f"{time_s}\n")
        sys.stdout.flush()
        time.sleep(1 / 30)


if __name__ == "__main__":
    main(sys.argv[1])
