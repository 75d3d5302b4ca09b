"""Learners whose pictures the server analyses: how old their numbers are, and at what rate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import cv2
import numpy as np
import psutil

from benchmarks.class_process import ask, serving
from benchmarks.class_senders import FPS
from benchmarks.measuring import Row, own_folder, row
from core.classroom.ingest import MAX_SERVER_LEARNERS
from core.classroom.room_camera import HeadFinder
from core.settings import PROJECT_DIR, Settings
from core.vision import DETECTOR, LANDMARKER, path_of
from tests.conftest import SHARED_MEDIA

WARM_UP_S, MEASURED_S = 10, 40
REPEATS = 10  # pictures of the room camera
_STARTS_AFTER_S = 6.0


def measure() -> list[Row]:
    """As many learners as are let in; real pictures, WebRTC and analysis, with senders in a process
    of their own.
    """
    learners = MAX_SERVER_LEARNERS
    with own_folder() as settings:
        settings.data_dir.mkdir(exist_ok=True)
        assets = PROJECT_DIR / "data" / "assets"
        settings.assets_dir.symlink_to(assets.resolve(), target_is_directory=True)
        given = ["benchmarks.class_camera_server", settings.database_url]
        with serving(*given, learners=learners) as (server, port, _):
            ages_s, rate, cores = _send(server, port, learners)
            memory_mb = server.memory_info().rss / 1e6
    name = f"{learners} cameras on the server"
    return [
        *_room_camera(),
        row(f"{name}: age of a picture's numbers, median", float(np.median(ages_s))),
        row(f"{name}: age of a picture's numbers, p95", float(np.percentile(ages_s, 95)), bar="1"),
        row(f"{name}: pictures analysed of each", rate, "1/s", f"{FPS} sent"),
        row(f"{name}: server", cores, "cores"),
        row(f"{name}: memory of the server", memory_mb, "MB"),
        row("other load while measured", os.getloadavg()[0], "processes"),
    ]


def _room_camera() -> list[Row]:
    """What counting one picture of a group takes of a core; it is done once a second."""
    settings = Settings.from_environment(os.environ)
    finder = HeadFinder(*(path_of(settings.assets_dir, one) for one in (DETECTOR, LANDMARKER)))
    group = cv2.imread(str(SHARED_MEDIA / "solvay1927.jpg"))
    if group is None:  # it is not beside the project
        group = np.full((720, 1280, 3), 128, np.uint8)
    rows = []
    for size_px in ((1280, 720), (1920, 1080)):
        rgb = np.asarray(cv2.cvtColor(cv2.resize(group, size_px), cv2.COLOR_BGR2RGB), np.uint8)
        heads = len(finder.find(rgb))
        began_s = time.process_time()
        for _ in range(REPEATS):
            finder.find(rgb)
        name = f"room camera, {size_px[0]} x {size_px[1]}, {heads} heads found"
        rows.append(row(name, (time.process_time() - began_s) / REPEATS, "s of a core"))
    finder.close()
    return rows


def _send(server: psutil.Process, port: int, learners: int) -> tuple[list[float], float, float]:
    """Ages in seconds, pictures a second of each camera, and cores that the server used."""
    first_s = time.monotonic() + _STARTS_AFTER_S + learners / 4  # each opens an analyser
    wanted = {"port": port, "learners": learners, "first_s": first_s}
    sender = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.class_senders"],
        cwd=PROJECT_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert sender.stdin is not None
    sender.stdin.write(json.dumps(wanted | {"seconds": WARM_UP_S + MEASURED_S}) + "\n")
    sender.stdin.flush()
    begins_s, ends_s = first_s + WARM_UP_S, first_s + WARM_UP_S + MEASURED_S - 1
    time.sleep(max(0.0, begins_s - time.monotonic()))
    used_s = -sum(server.cpu_times()[:2])
    time.sleep(max(0.0, ends_s - time.monotonic()))
    used_s += sum(server.cpu_times()[:2])
    analysed = ask(port, "noted")
    captured = json.loads(sender.communicate()[0])
    ages_s = [
        known_s - captured[camera][number]
        for camera, number, known_s in analysed
        if begins_s <= known_s < ends_s
    ]
    lasted_s = ends_s - begins_s
    return ages_s, len(ages_s) / learners / lasted_s, used_s / lasted_s
