"""Rows into the store and out of it again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from typing import Any

from core.exporting import export_csv
from core.measures import summarise
from core.sessions import SessionStore
from tests.make import BEGAN_AT, make_moment, make_observation, make_session

FPS, ROWS = 30, 108_000  # one face for an hour


def measure() -> list[dict[str, Any]]:
    """Writing in batches of a second, reading, exporting and summing up an hour."""
    moments = [make_moment(number / FPS, make_observation(number / FPS)) for number in range(ROWS)]
    session = make_session()
    with (
        tempfile.TemporaryDirectory(prefix="mien-bench-") as folder,
        SessionStore.open(f"sqlite:///{folder}/sessions.db") as store,
    ):
        store.begin(session)
        writing = _seconds(lambda: _write(store, session.id, moments))
        timeline = store.read(session.id)
        return [
            {"name": "rows stored a second", "value": round(ROWS / writing), "unit": "rows/s"},
            _row("read an hour of one face", lambda: store.read(session.id)),
            _row("sum it up", lambda: summarise(timeline, not_sure_below=0.5)),
            _row("its CSV", lambda: export_csv(store, session.id)),
        ]


def _write(store: SessionStore, session_id: str, moments: list[Any]) -> None:
    for start in range(0, len(moments), FPS):
        store.append(session_id, moments[start : start + FPS], now=BEGAN_AT)


def _row(name: str, do: Callable[[], object]) -> dict[str, Any]:
    times = sorted(_seconds(do) for _ in range(3))
    return {"name": name, "value": round(times[1], 2), "unit": "s"}


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
