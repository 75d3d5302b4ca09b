"""A class of 300 browsers on one server: how old what the teacher sees is, and what it costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np
import psutil

from benchmarks.class_process import ask, serving
from benchmarks.measuring import Row, own_folder, row
from core.classroom import learners_of, read_seconds
from core.sessions import SessionStore
from core.settings import PROJECT_DIR

LEARNERS, POSTERS = 300, 2
WARM_UP_S, MEASURED_S = 15, 60
_STARTS_AFTER_S, _STORED_WITHIN_S = 8.0, 5.0


def measure() -> list[Row]:
    """Learners that post five rows a second each, in processes of their own; the server keeps them
    in an SQLite database, and looks at the class as often as a teacher's tab does.
    """
    with own_folder() as settings:
        settings.data_dir.mkdir(exist_ok=True)
        given = ["benchmarks.class_server", settings.database_url]
        with serving(*given, learners=LEARNERS) as (server, port, opened):
            noted, used = _post_all(server, port, opened["tokens"])
        lost = _lost_seconds(settings.database_url, opened["classroom"])
    answers_ms = np.array(noted["answers_s"]) * 1000
    ages_s = np.array(noted["ages_s"])
    name = f"class of {LEARNERS} browsers"
    return [
        row(f"{name}: POST, median", float(np.median(answers_ms)), "ms"),
        row(f"{name}: POST, p95", float(np.percentile(answers_ms, 95)), "ms", "100"),
        row(f"{name}: age on the board, median", float(np.median(ages_s))),
        row(f"{name}: age on the board, p95", float(np.percentile(ages_s, 95)), bar="2"),
        row(f"{name}: messages refused", len(noted["refused"]), "", "0"),
        row(f"{name}: seconds lost", lost, "", "0"),
        row(f"{name}: refresh of the board, p95", _p95(noted["refreshes_s"]), bar="0.3"),
        row(f"{name}: server", used["cores"], "cores"),
        row(f"{name}: memory of the server", used["mb"], "MB"),
        row("other load while measured", os.getloadavg()[0], "processes"),
    ]


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))


def _post_all(
    server: psutil.Process, port: int, tokens: list[str]
) -> tuple[dict[str, list[Any]], dict[str, float]]:
    """What posters and server noted after the warm-up, and what the server used meanwhile."""
    seconds = WARM_UP_S + MEASURED_S
    first_s = time.time() + _STARTS_AFTER_S
    posters = [_poster(port, tokens[at::POSTERS], first_s, seconds) for at in range(POSTERS)]
    time.sleep(_STARTS_AFTER_S + WARM_UP_S)
    ask(port, "begin")
    used_before_s = sum(server.cpu_times()[:2])
    time.sleep(MEASURED_S - 1)
    used_s = sum(server.cpu_times()[:2]) - used_before_s
    noted = ask(port, "noted")
    used = {"cores": used_s / (MEASURED_S - 1), "mb": server.memory_info().rss / 1e6}
    said = [json.loads(poster.communicate()[0]) for poster in posters]
    for name in ("answers_s", "refused"):
        noted[name] = [one for each in said for one in each[name]]
    time.sleep(_STORED_WITHIN_S)
    return noted, used


def _poster(port: int, tokens: list[str], first_s: float, seconds: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.class_posters"]
    process = subprocess.Popen(
        command, cwd=PROJECT_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    wanted = {"port": port, "tokens": tokens, "first_s": first_s, "seconds": seconds}
    assert process.stdin is not None
    process.stdin.write(json.dumps(wanted) + "\n")
    process.stdin.flush()
    return process


def _lost_seconds(database_url: str, classroom_id: str) -> int:
    """Seconds between the first and the last of each learner that are not in the database."""
    with SessionStore.open(database_url) as store:
        rows, _ = read_seconds(store, classroom_id)
        numbers = [one.number for one in learners_of(store, classroom_id)]
    lost = 0
    for number in numbers:
        own = rows.second[rows.learner == number]
        expected = WARM_UP_S + MEASURED_S - 2  # the first and the last may be of other seconds
        lost += max(0, expected - len(np.unique(own)))
    return lost
