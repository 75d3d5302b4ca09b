"""Start-up time of the camera in fresh page loads, on an idle and on a busy machine.

`python -m benchmarks.bench_camera_start --loads 20 --busy 8` runs it alone.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.bench_live import PORT, camera_flags, serve
from benchmarks.measuring import Row, row
from core.live import percentile
from tests.browser.conftest import CHROMIUM
from tests.browser.visitor import open_live, start

LOADS, BUSY = 20, 8
TIMEOUT_MS = 150_000
QUIET_BAR, BUSY_BAR, ONE_BAR = "at most 3 s", "at most 10 s", "1"

COUNT_CONNECTIONS = """(() => {
  const Original = window.RTCPeerConnection;
  if (!Original) return;
  const seen = (window.top.cameraStart ??= { connections: 0, pictureAt: null, steps: [] });
  const note = (number, step) => seen.steps.push([Date.now(), number, step]);
  window.RTCPeerConnection = class extends Original {
    constructor(...given) {
      super(...given);
      const number = ++seen.connections;
      note(number, "opened");
      for (const kind of ["connection", "iceConnection", "iceGathering"]) {
        this.addEventListener(`${kind.toLowerCase()}statechange`, () => {
          note(number, `${kind} ${this[`${kind}State`]}`);
        });
      }
      const look = setInterval(async () => {
        if (seen.pictureAt !== null || this.connectionState === "closed") clearInterval(look);
        for (const one of (await this.getStats()).values()) {
          if (one.type === "inbound-rtp" && one.framesDecoded > 0) seen.pictureAt ??= Date.now();
        }
      }, 50);
    }
  };
})()"""


@dataclass(frozen=True)
class Start:
    """One fresh load.

    Attributes:
        connections: how many the page opened; should be one.
        picture_s: from the switch to the first returned picture; infinite for none.
        face_s: from the switch to the first recognised face on the page.
        steps: seconds since the switch, number of the connection, and its state.
    """

    connections: int
    picture_s: float
    face_s: float
    steps: tuple[tuple[float, int, str], ...] = ()


def measure() -> list[Row]:
    """Idle, and with busy processes."""
    return [
        *_rows("quiet", fresh_loads(LOADS), QUIET_BAR),
        *_rows(f"{BUSY} busy processes", fresh_loads(LOADS, busy=BUSY), BUSY_BAR),
    ]


def fresh_loads(loads: int, *, busy: int = 0, verbose: bool = False) -> list[Start]:
    """Open the page anew this many times and switch the camera on.

    Args:
        loads: each in a window of its own, on one server.
        busy: number of processes that compute meanwhile.
        verbose: print each as it comes, not only those that opened more than one connection.
    """
    found = []
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        server, _ = serve(Path(folder))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=camera_flags(Path(folder))
                )
                _one_start(browser)  # the server's first visit loads the model
                with _busy(busy):
                    for _ in range(loads):
                        found.append(_one_start(browser))
                        if verbose or found[-1].connections > 1:
                            print(_load_average(), found[-1], flush=True)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    return found


def _one_start(browser: Browser) -> Start:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(COUNT_CONNECTIONS)
    page = context.new_page()
    try:
        open_live(page, f"http://localhost:{PORT}")
        return _switch_on(page)
    finally:
        context.close()


def _switch_on(page: Page) -> Start:
    began, began_ms = time.monotonic(), time.time() * 1000
    start(page)
    face_s = time.monotonic() - began
    seen = page.evaluate("window.cameraStart")
    at_ms = seen["pictureAt"]
    picture_s = float("inf") if at_ms is None else (at_ms - began_ms) / 1000
    steps = tuple(
        (round((at - began_ms) / 1000, 2), number, step) for at, number, step in seen["steps"]
    )
    return Start(seen["connections"], picture_s, face_s, steps)


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Run this many endless processes."""
    endless = [sys.executable, "-c", "while True: sum(range(10_000))"]
    running = [subprocess.Popen(endless) for _ in range(count)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def _rows(where: str, starts: list[Start], bar: str) -> list[Row]:
    pictures = [one.picture_s for one in starts]
    faces = [one.face_s for one in starts]
    most = max(one.connections for one in starts)
    name = f"camera start, {where}, {len(starts)} fresh loads"
    return [
        row(f"{name}: most connections of one start", most, "", ONE_BAR),
        row(f"{name}: first picture, median", statistics.median(pictures)),
        row(f"{name}: first picture, p95", percentile(pictures, 95)),
        row(f"{name}: first recognised face, median", statistics.median(faces)),
        row(f"{name}: first recognised face, p95", percentile(faces, 95), bar=bar),
    ]


def _load_average() -> str:
    load = Path("/proc/loadavg")
    return f"load {load.read_text().split()[0]}" if load.exists() else ""


def main() -> None:
    """Measure once, with the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=LOADS)
    parser.add_argument("--busy", type=int, default=0, help="busy processes meanwhile")
    chosen = parser.parse_args()
    where = f"{chosen.busy} busy processes"
    for line in _rows(where, fresh_loads(chosen.loads, busy=chosen.busy, verbose=True), ""):
        print(f"{line['name']}: {line['value']} {line['unit']}")


if __name__ == "__main__":
    main()
