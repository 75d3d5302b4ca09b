"""Shared by the suites: rows of the table, timing, and a temporary data folder."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.settings import PROJECT_DIR, Settings

Row = dict[str, Any]
"""One line of the table: name, value, unit, and the required bar."""


def row(name: str, value: float, unit: str = "s", bar: str = "") -> Row:
    """One line of the table; seconds to the millisecond."""
    return {"name": name, "value": round(value, 3), "unit": unit, "bar": bar}


def seconds(act: Callable[[], object]) -> float:
    """Wall-clock time of a call."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@contextmanager
def own_folder(models_dir: Path = PROJECT_DIR / "models") -> Iterator[Settings]:
    """An empty data folder that the program uses while inside."""
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        os.environ.update(MIEN_DATA_DIR=folder, MIEN_MODELS_DIR=str(models_dir))
        os.environ.pop("MIEN_DATABASE_URL", None)
        yield Settings.from_environment(os.environ)
