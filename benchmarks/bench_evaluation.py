"""Evaluation of a model on 7,178 pictures, and response times of its page.

With `MIEN_FER2013` set to the path of fer2013.csv it is measured on that, else on as many pictures
of noise.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.bench_data import add_pictures
from benchmarks.measuring import Row, own_folder, row, seconds
from benchmarks.visiting import PAGE_BAR, visitor, warm_s
from core.settings import PROJECT_DIR
from pages.parts.evaluate.sections import SECTIONS
from pages.parts.shell.navigation import EVALUATE_MODEL


def measure() -> list[Row]:
    """Seconds, with their bars."""
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        models_dir = shutil.copytree(PROJECT_DIR / "models", Path(folder) / "models")
        with own_folder(models_dir) as settings:
            pages = _pages()  # with the shipped evaluation only
            what = add_pictures(settings)
            evaluation_s = statistics.median(seconds(_evaluate) for _ in range(3))
    name = f"evaluate 7,178 pictures ({what}), process and all"
    return [row(name, evaluation_s, bar="at most 20 s"), *pages]


def _evaluate() -> None:
    command = [sys.executable, "-m", "core", "evaluate", "compact-1", "--data", "bench"]
    subprocess.run(command, cwd=PROJECT_DIR, check=True, capture_output=True)


def _pages() -> list[Row]:
    """Each section of the page."""
    who = visitor()
    who.run().switch_page(EVALUATE_MODEL.path).run()
    rows = []
    for section in SECTIONS:
        who.button_group(key="evaluate-section").select(section).run()
        rows.append(row(f"Evaluate a model, {section}: warm", warm_s(who), bar=PAGE_BAR))
    return rows
