"""Training speed, compared with a plain Keras loop on the same network.

Each measurement runs in a separate process, and the two loops take turns, so that other load on the
machine affects both. Pictures per CPU second are comparable on a busy machine too.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys

from benchmarks.measuring import Row, row
from core.jobs import WORKER_ENVIRONMENT
from core.settings import PROJECT_DIR

SECONDS, ROUNDS = 10, 3
COMPARED = "csv-4-vgg-dropout"
OTHERS = ("compact-residual", "wide-residual")
BAR = "at least 4 times"

Reading = dict[str, float]


def measure() -> list[Row]:
    """Pictures a second, with one thread and with two."""
    rows = []
    for threads in (1, 2):
        readings = [
            (_read("mien", threads, COMPARED), _read("plain", threads, COMPARED))
            for _ in range(ROUNDS)
        ]
        ours, theirs = (_medians(column) for column in zip(*readings, strict=True))
        title = f"{COMPARED}, {threads} thread{'s' * (threads > 1)}"
        rows += _rows(f"{title}: Mien", ours) + _rows(f"{title}: plain Keras loop", theirs)
        for figure, suffix in (("a_second", ""), ("a_cpu_second", ", by processor time")):
            ratio = round(ours[figure] / theirs[figure], 2)
            rows.append(row(f"{title}: Mien is faster{suffix}", ratio, "times", BAR))
    for recipe in OTHERS:
        rows += _rows(f"{recipe}, 1 thread: Mien", _read("mien", 1, recipe))
    return rows


def _read(way: str, threads: int, recipe: str) -> Reading:
    """Measure one loop, in the worker's environment or in a plain one."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    if way == "mien":
        environment |= WORKER_ENVIRONMENT
    command = ("-m", "benchmarks.keras_loops", way, str(threads), recipe, str(SECONDS))
    done = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{way} failed:\n{done.stderr[-3000:]}")
    found: Reading = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _medians(readings: tuple[Reading, ...]) -> Reading:
    return {name: statistics.median(one[name] for one in readings) for name in readings[0]}


def _rows(title: str, reading: Reading) -> list[Row]:
    """Speed, and the share of CPU time that goes into making batches."""
    making = reading["steps"] / (reading["steps"] + reading["input"])
    return [
        row(title, round(reading["a_second"]), "pictures/s"),
        row(f"{title}, by processor time", round(reading["a_cpu_second"]), "pictures/s"),
        row(f"{title}, share of making batches", round(100 * making, 1), "%"),
    ]
