"""A whole live session in a real browser: start-up, frames a second, age of results."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from benchmarks.measuring import Row, row
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.settings import PROJECT_DIR, Settings
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.visitor import PERFORMANCE, open_live, start, strip
from tests.conftest import SHARED_MEDIA
from tests.face_clip import write_face_clip

WATCH_S, PORT = 30, 8599


def measure() -> list[Row]:
    """The page's own figures, read twice a second over half a minute; medians."""
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        server, startup_s = serve(Path(folder))
        try:
            first_s, figures, memory = _watch(Path(folder), server.pid)
        finally:
            server.terminate()
            server.wait(20)
    fps, middle, late = (statistics.median(column) for column in zip(*figures, strict=True))
    return [
        row("server up", round(startup_s, 1)),
        row("switch to first recognised face", round(first_s, 1)),
        row("frames analysed a second", fps, "1/s", "at least 25"),
        row("result age: p50", middle, "ms"),
        row("result age: p95", late, "ms", "at most 200 ms"),
        row("memory of the server", memory, "MB"),
    ]


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    """A server on an empty folder, and the seconds until it answers."""
    assets = Settings.from_environment(os.environ).assets_dir
    (folder / "assets").symlink_to(assets, target_is_directory=True)
    policy = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
    policy_store.write(folder / policy_store.FILE_NAME, policy)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    began = time.monotonic()
    server = subprocess.Popen(
        [*command, "--server.port", str(PORT)],
        cwd=PROJECT_DIR,
        env={**os.environ, "MIEN_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while True:
        try:
            with urlopen(f"http://localhost:{PORT}/_stcore/health", timeout=1):
                return server, time.monotonic() - began
        except OSError:
            time.sleep(0.05)


def camera_flags(folder: Path) -> list[str]:
    """A browser whose camera is allowed and plays a face."""
    real = SHARED_MEDIA / "fakecam_expressive_640x480.mjpeg"
    clip = real if real.exists() else write_face_clip(folder / "face.mjpeg")
    return [
        *FLAGS,
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={clip}",
    ]


def _watch(folder: Path, pid: int) -> tuple[float, list[tuple[int, ...]], int]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=camera_flags(folder))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        open_live(page, f"http://localhost:{PORT}")
        page.wait_for_timeout(2000)
        began = time.monotonic()
        start(page)
        first_s = time.monotonic() - began
        page.wait_for_timeout(6000)  # the meters look back five seconds
        figures = _figures(page)
        status = Path(f"/proc/{pid}/status")
        memory = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
        browser.close()
    return first_s, figures, int(memory[1]) // 1024 if memory else 0


def _figures(page: Page) -> list[tuple[int, ...]]:
    found = []
    for _ in range(WATCH_S * 2):
        if match := PERFORMANCE.search(strip(page).inner_text()):
            found.append(tuple(int(one.replace(",", "")) for one in match.groups()))
        page.wait_for_timeout(500)
    return found
