"""The data room on 35,887 pictures: opening, summing up, auditing, showing.

With `MIEN_FER2013` set to the path of fer2013.csv it is measured on that, else on as many pictures
of noise, which have neither faces nor repeats to find.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue import add, open_entry
from core.datasets.summary import describe
from core.preparation import AuditPlan
from core.preparation.audit_job import run as audit
from core.runs import JobPlace, Journal
from core.settings import PROJECT_DIR, Settings
from pages.parts.frame import EXPLORE_DATA

PICTURES, SIZE_PX = 35_887, 48
REPEATS = 5


def measure() -> list[dict[str, Any]]:
    """Seconds, with their bars."""
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        os.environ.update(MIEN_DATA_DIR=folder, MIEN_MODELS_DIR=str(PROJECT_DIR / "models"))
        os.environ.pop("MIEN_DATABASE_URL", None)
        settings = Settings.from_environment(os.environ)
        settings.assets_dir.parent.mkdir(exist_ok=True)
        settings.assets_dir.symlink_to(PROJECT_DIR / "data" / "assets")
        path, what = csv_with_pictures(Path(folder))
        source = DatasetSource(str(path))
        places = settings.datasets_dir, "bench", settings.datasets_cache_dir

        def open_first() -> None:
            add(places[0], places[1], source, places[2])

        rows = [_row(f"open {what}: first", _seconds(open_first), "at most 20 s")]
        again = [_seconds(lambda: open_entry(*places)) for _ in range(REPEATS)]
        rows.append(_row("the same: afterwards", statistics.median(again), "at most 1 s"))
        dataset = open_entry(*places)
        rows.append(_row("sum it up", _seconds(lambda: describe(dataset))))
        rows.append(_row("audit it", _seconds(lambda: _audit(settings)), "at most 300 s"))
        return [*rows, *_gallery()]


def csv_with_pictures(folder: Path) -> tuple[Path, str]:
    real = os.environ.get("MIEN_FER2013")
    if real:
        return Path(real), "fer2013.csv"
    rng = np.random.default_rng(1)
    path = folder / "noise.csv"
    with path.open("w") as file:
        file.write("emotion,pixels,Usage\n")
        for number in range(PICTURES):
            pixels = rng.integers(0, 256, SIZE_PX * SIZE_PX).tolist()
            usage = ("Training", "PublicTest", "PrivateTest")[number // 28_709 + number // 32_298]
            file.write(f"{number % 7},{' '.join(map(str, pixels))},{usage}\n")
    return path, "35,887 pictures of noise"


def _audit(settings: Settings) -> None:
    folder = settings.runs_dir / "bench"
    folder.mkdir(parents=True)
    journal = Journal(folder / "events.jsonl", clock=_now)
    audit(AuditPlan("bench").to_json(), JobPlace(folder, journal, lambda: False, settings, _now))


def _gallery() -> list[dict[str, Any]]:
    """The page of pictures, as the server runs it; the browser's drawing is not in it."""
    begin = PagesManager.__init__

    def begin_visited(self: PagesManager, *args: Any, **named: Any) -> None:
        PagesManager.uses_pages_directory = False
        begin(self, *args, **named)

    PagesManager.__init__ = begin_visited
    visitor = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=120)
    visitor.run().switch_page(EXPLORE_DATA.path).run()
    visitor.button_group(key="data-section").select("Pictures").run()
    warm = [_seconds(visitor.run) for _ in range(REPEATS)]
    return [_row("its pictures, warm", statistics.median(warm), "at most 1 s")]


def _row(name: str, seconds: float, bar: str = "") -> dict[str, Any]:
    return {"name": name, "value": round(seconds, 3), "unit": "s", "bar": bar}


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _now() -> datetime:
    return datetime.now(UTC)
