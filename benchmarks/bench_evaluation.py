"""Judging a model: a whole evaluation of 7,178 pictures, and how fast its page answers.

With `MIEN_FER2013` set to the path of fer2013.csv it is measured on that, else on as many pictures
of noise.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from benchmarks.bench_data import csv_with_pictures
from benchmarks.bench_pages import on_a_visited_server, seconds_of
from core.datasets import DatasetSource
from core.datasets.catalogue import add
from core.settings import PROJECT_DIR, Settings
from pages.parts.evaluate_sections import SECTIONS
from pages.parts.frame import EVALUATE_MODEL

REPEATS = 5


def measure() -> list[dict[str, Any]]:
    """Seconds, with their bars."""
    on_a_visited_server()
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        models_dir = shutil.copytree(PROJECT_DIR / "models", Path(folder) / "models")
        os.environ.update(MIEN_DATA_DIR=folder, MIEN_MODELS_DIR=str(models_dir))
        os.environ.pop("MIEN_DATABASE_URL", None)
        settings = Settings.from_environment(os.environ)
        pages = _pages()  # of the shipped evaluation, before another one stands beside it
        path, what = csv_with_pictures(Path(folder))
        add(settings.datasets_dir, "bench", DatasetSource(str(path)), settings.datasets_cache_dir)
        judged = [_evaluated() for _ in range(3)]
        name = f"evaluate 7,178 pictures ({what}), process and all"
        return [_row(name, statistics.median(judged), "at most 20 s"), *pages]


def _evaluated() -> float:
    command = [sys.executable, "-m", "core", "evaluate", "compact-1", "--data", "bench"]
    began = time.perf_counter()
    subprocess.run(command, cwd=PROJECT_DIR, check=True, capture_output=True)
    return time.perf_counter() - began


def _pages() -> list[dict[str, Any]]:
    """Each section of the page, as the server runs it; the browser's drawing is not in it."""
    visitor = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=120)
    visitor.run().switch_page(EVALUATE_MODEL.path).run()
    rows = []
    for section in SECTIONS:
        visitor.button_group(key="evaluate-section").select(section).run()
        warm = [seconds_of(visitor) for _ in range(REPEATS)]
        rows.append(
            _row(f"Evaluate a model, {section}: warm", statistics.median(warm), "at most 0.5 s")
        )
    return rows


def _row(name: str, seconds: float, bar: str) -> dict[str, Any]:
    return {"name": name, "value": round(seconds, 3), "unit": "s", "bar": bar}
