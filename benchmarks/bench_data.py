"""Datasets with 35,887 pictures: opening, summarising, auditing, showing.

With `MIEN_FER2013` set to the path of fer2013.csv it is measured on that, else on as many pictures
of noise, which contain neither faces nor duplicates.
"""

from __future__ import annotations

import os
import statistics
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.measuring import Row, own_folder, row, seconds
from benchmarks.visiting import REPEATS, visitor, warm_s
from core.datasets import DatasetSource
from core.datasets.audit import AuditPlan, audit_job
from core.datasets.catalogue import add, open_entry
from core.datasets.summary import describe
from core.jobs import JobContext, Journal
from core.settings import PROJECT_DIR, Settings
from pages.parts.shell.navigation import EXPLORE_DATA

PICTURES, SIZE_PX = 35_887, 48


def measure() -> list[Row]:
    """Seconds, with their bars."""
    with own_folder() as settings:
        settings.assets_dir.symlink_to(PROJECT_DIR / "data" / "assets")
        path, what = csv_with_pictures(settings.assets_dir.parent)
        source = DatasetSource(str(path))
        places = settings.datasets_dir, "bench", settings.datasets_cache_dir

        def open_first() -> None:
            add(places[0], places[1], source, places[2])

        rows = [row(f"open {what}: first", seconds(open_first), bar="at most 20 s")]
        again = [seconds(lambda: open_entry(*places)) for _ in range(REPEATS)]
        rows.append(row("the same: afterwards", statistics.median(again), bar="at most 1 s"))
        dataset = open_entry(*places)
        rows.append(row("sum it up", seconds(lambda: describe(dataset))))
        rows.append(row("audit it", seconds(lambda: _audit(settings)), bar="at most 300 s"))
        return [*rows, _gallery()]


def add_pictures(settings: Settings) -> str:
    """Add them to the catalogue as `bench`; returns their description."""
    path, what = csv_with_pictures(settings.datasets_dir.parent)
    source = DatasetSource(str(path))
    add(settings.datasets_dir, "bench", source, settings.datasets_cache_dir)
    return what


def csv_with_pictures(folder: Path) -> tuple[Path, str]:
    """A FER2013 file and its description: the real one where its path is set, else noise."""
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
    audit_job.run(
        AuditPlan("bench").to_json(), JobContext(folder, journal, lambda: False, settings, _now)
    )


def _gallery() -> Row:
    """The page of pictures."""
    who = visitor()
    who.run().switch_page(EXPLORE_DATA.path).run()
    who.button_group(key="data-section").select("Pictures").run()
    return row("its pictures, warm", warm_s(who), bar="at most 1 s")


def _now() -> datetime:
    return datetime.now(UTC)
