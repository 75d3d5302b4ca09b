"""How fast pages answer: first and warm reruns, empty and with a session of 100,000 rows.

Run with `python benchmarks/bench_pages.py`; it uses a data folder of its own. AppTest runs the same
scripts as the server, without the browser's drawing.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from streamlit.runtime.pages_manager import PagesManager  # noqa: E402 - the path comes first
from streamlit.testing.v1 import AppTest  # noqa: E402

from core.sessions import SessionStore  # noqa: E402
from core.settings import Settings  # noqa: E402
from core.vocabulary import FER7, RejectReason  # noqa: E402
from pages.parts.frame import HOME, RESPONSIBLE_USE, SESSIONS, Room  # noqa: E402
from tests.make import make_moment, make_observation, make_scores, make_session  # noqa: E402

LONG_ROWS = 100_000
WARM_RUNS = 7


def measure() -> list[dict[str, Any]]:
    """Seconds for each page: `{"name", "value", "unit"}`, warm figures as the median."""
    on_a_visited_server()
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        os.environ.update(MIEN_DATA_DIR=folder, MIEN_MODELS_DIR=str(PROJECT_DIR / "models"))
        os.environ.pop("MIEN_DATABASE_URL", None)
        found = [row for room in (HOME, SESSIONS, RESPONSIBLE_USE) for row in _page(room, "empty")]
        _store_long_session(Settings.from_environment(os.environ))
        return [*found, *_page(SESSIONS, f"{LONG_ROWS:,} rows")]


def _page(room: Room, what: str) -> list[dict[str, Any]]:
    visitor = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=120)
    if room is not HOME:
        visitor.run()
        visitor.switch_page(room.path)
    first, *warm = [seconds_of(visitor) for _ in range(1 + WARM_RUNS)]
    name = f"{room.title}, {what}"
    return [
        {"name": f"{name}: first", "value": round(first, 3), "unit": "s"},
        {"name": f"{name}: warm", "value": round(statistics.median(warm), 3), "unit": "s"},
    ]


def seconds_of(visitor: AppTest) -> float:
    """How long the server takes to run the page once.

    Raises:
        RuntimeError: the page did.
    """
    began = time.perf_counter()
    visitor.run()
    took = time.perf_counter() - began
    if visitor.exception:
        raise RuntimeError(str(visitor.exception[0].value))
    return took


def _store_long_session(settings: Settings) -> None:
    """Ten frames a second, two faces, the expression changing every twenty seconds."""
    began_at = datetime.now(UTC) - timedelta(days=1)
    with SessionStore.open(settings.database_url) as store:
        store.begin(make_session("long", began_at=began_at))
        moments = []
        for index in range(LONG_ROWS // 2):
            time_s = index / 10
            label = FER7.labels[int(time_s / 20) % len(FER7)]
            dark = RejectReason.TOO_DARK if index % 50 == 0 else None
            scores = make_scores(**{label: 0.7})
            faces = [
                make_observation(time_s, track_id=face, scores=scores, reason=dark)
                for face in (1, 2)
            ]
            moments.append(make_moment(time_s, *faces))
        for start in range(0, len(moments), 5000):
            store.append("long", moments[start : start + 5000], now=began_at)
        store.end("long", ended_at=began_at + timedelta(seconds=LONG_ROWS / 20))


def on_a_visited_server() -> None:
    """AppTest makes each rerun a first visit, which takes a detour (`pages.parts.frame`)."""
    begin = PagesManager.__init__

    def begin_visited(self: PagesManager, *args: Any, **named: Any) -> None:
        PagesManager.uses_pages_directory = False
        begin(self, *args, **named)

    PagesManager.__init__ = begin_visited  # type: ignore[method-assign]


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(json.dumps(measure(), indent=1))
