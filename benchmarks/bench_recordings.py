"""Recordings by `python -m core analyse` on two cores: speed, start, and memory over two hours."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import av
import cv2

from benchmarks.measuring import Row, row
from core.domain import RgbPicture
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.settings import PROJECT_DIR, Settings
from core.vision import from_video
from tests.face_clip import draw_face

MEDIA = PROJECT_DIR.parent / "shared" / "data" / "media"
FPS, CLIP_S, CORES, REPEATS = 30, 40, 2, 3
LONG_S, SMALL = 2 * 3600, (160, 120)


def measure() -> list[Row]:
    """A clip of 640x480 with one face: whole, at ten frames a second, and its first two seconds;
    two hours of small pictures, one a second.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with _installation() as (here, folder):
        clip = _write(folder / "clip.mp4", islice(cycle(_face()), CLIP_S * FPS), FPS)
        whole, tenths = (_factor(here, clip, every_s) for every_s in (0.0, 0.1))
        short = [_short(here, clip) for _ in range(REPEATS)]
        memory = _two_hours(here, folder / "long.mp4")
    name = "recording, 640x480, one face"
    return [
        row(f"{name}, every frame of 30 a second", round(whole, 1), "x", "at least 2.5 x"),
        row(f"{name}, read at 10 a second", round(tenths, 1), "x", "at least 8 x"),
        row("2 seconds of it, whole command", statistics.median(all_s for all_s, _ in short), "s",
            "at most 3 s"),
        row("its start to the first stored row", statistics.median(one for _, one in short), "s",
            "at most 2 s"),
        *memory,
    ]  # fmt: skip


def _factor(here: Settings, clip: Path, every_s: float) -> float:
    """Seconds of video in a second, without the start: between the first and the last progress."""
    factors = []
    for _ in range(REPEATS):
        process = _analyse(here, clip, "--every-s", str(every_s))
        process.wait()
        parts = [one for one in _events(here) if one["kind"] == "PartDone" and one["fraction"] > 0]
        spent_s = parts[-1]["at_s"] - parts[0]["at_s"]
        factors.append((parts[-1]["fraction"] - parts[0]["fraction"]) * CLIP_S / spent_s)
    return statistics.median(factors)


def _short(here: Settings, clip: Path) -> tuple[float, float]:
    """Seconds of the whole command, and until its first row is in the database."""
    with SessionStore.open(here.database_url) as store:
        known = {one.session.id for one in store.sessions()}
        began, first_s = time.perf_counter(), 0.0
        process = _analyse(here, clip, "--to-s", "2")
        while process.poll() is None:
            if not first_s:
                new = [one for one in store.sessions() if one.session.id not in known]
                first_s = time.perf_counter() - began if any(one.rows for one in new) else 0.0
            time.sleep(0.01)
        return time.perf_counter() - began, first_s


def _two_hours(here: Settings, clip: Path) -> list[Row]:
    """The worker's memory after its first minute of work, or a tenth of it, and at most."""
    small = [cv2.resize(one, SMALL) for one in islice(_face(), 60)]
    _write(clip, islice(cycle(small), LONG_S), 1)
    _analyse(here, clip, "--every-s", "1").wait()
    used = [one["memory_mb"] for one in _events(here) if one["kind"] == "ResourcesUsed"]
    early = used[min(len(used) // 10, 12)]
    name = f"simulated recording of {LONG_S // 3600} h, a picture of {SMALL[0]}x{SMALL[1]} a second"
    return [
        row(f"memory of its worker, {name}", max(used), "MB"),
        row("growth since its first tenth", round(max(used) - early, 1), "MB", "at most 50 MB"),
    ]


@contextmanager
def _installation() -> Iterator[tuple[Settings, Path]]:
    assets = Settings.from_environment(os.environ).assets_dir.resolve()
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        os.environ["MIEN_DATA_DIR"] = folder
        here = Settings.from_environment(os.environ)
        here.assets_dir.symlink_to(assets, target_is_directory=True)
        policy = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
        policy_store.write(policy_store.path_in(here.data_dir), policy)
        yield here, Path(folder)


def _analyse(here: Settings, clip: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "core", "analyse", str(clip), *options],
        cwd=PROJECT_DIR,
        env={**os.environ, "MIEN_DATA_DIR": str(here.data_dir)},
        stdout=subprocess.DEVNULL,
    )


def _events(here: Settings) -> list[dict[str, Any]]:
    """Of the newest run, each with its time in seconds."""
    newest = max(here.runs_dir.glob("*/events.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    events = [json.loads(line) for line in newest.read_text(encoding="utf-8").splitlines()]
    return [one | {"at_s": _seconds(one["at"])} for one in events]


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _face() -> Iterator[RgbPicture]:
    real = MEDIA / "fakecam_expressive_640x480.mjpeg"
    if real.exists():
        return (frame.rgb for frame in from_video(real))
    return (draw_face(shift_px=shift) for shift in range(0, 60, 2))


def _write(path: Path, pictures: Iterator[RgbPicture], fps: int) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = None
        for picture in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=fps)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path
