"""Writing and reading rows of the session store."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

from benchmarks.measuring import Row, own_folder, row, seconds
from core.measures import summarise
from core.sessions import SessionStore
from core.sessions.exporters import export_session
from tests.make import BEGAN_AT, make_moment, make_observation, make_session

FPS, ROWS = 30, 108_000  # one face for an hour


def measure() -> list[Row]:
    """Writing in batches of a second, reading, exporting and summarising an hour."""
    frames = [make_moment(number / FPS, make_observation(number / FPS)) for number in range(ROWS)]
    session = make_session()
    with own_folder() as settings, SessionStore.open(settings.database_url) as store:
        store.begin(session)
        writing = seconds(lambda: _write(store, session.id, frames))
        timeline = store.read(session.id)
        return [
            row("rows stored a second", round(ROWS / writing), "rows/s"),
            _median("read an hour of one face", lambda: store.read(session.id)),
            _median("sum it up", lambda: summarise(timeline, not_sure_below=0.5)),
            _median(
                "its CSV", lambda: export_session(store, session.id, models_dir=settings.models_dir)
            ),
        ]


def _write(store: SessionStore, session_id: str, frames: list[Any]) -> None:
    for start in range(0, len(frames), FPS):
        store.append(session_id, frames[start : start + FPS], now=BEGAN_AT)


def _median(name: str, act: Callable[[], object]) -> Row:
    return row(name, statistics.median(seconds(act) for _ in range(3)))
