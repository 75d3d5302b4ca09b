"""Takes a screenshot of every page, in light and in dark: `python scripts/screenshots.py`.

Starts the app on a free port with a temporary data folder that contains the demo session, so
nothing of this installation is shown. Needs `playwright` (requirements-dev.txt) and a Chromium.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from core.classroom import NewClassroom, link_token, store_example  # noqa: E402
from core.datasets import DatasetSource  # noqa: E402 - the path comes first
from core.datasets.catalogue import add  # noqa: E402
from core.datasets.readers import NAME as DEMO_NAME  # noqa: E402
from core.datasets.readers import write_demo  # noqa: E402
from core.domain import FER7  # noqa: E402
from core.policy import Purpose, Region, UsePolicy, class_rules  # noqa: E402
from core.policy import policy_file as policy_store  # noqa: E402
from core.sessions import SessionStore, demo_calibration, demo_session  # noqa: E402
from core.settings import Settings  # noqa: E402
from pages.parts.shell.navigation import (  # noqa: E402
    HOME,
    JOIN_CLASS,
    LIVE_CAMERA,
    PAGES,
    PRACTICE,
    TEACH_CLASS,
    TRAIN_MODEL,
    PageInfo,
)
from tests.face_clip import write_face_clip  # noqa: E402

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
START_WITHIN_S = 60.0
SETTLE_WITHIN_MS = 30_000
RECIPE, TRAINS_WITHIN_MS = "two-block", 120_000
EPOCHS = 300
ENOUGH_EPOCHS = re.compile(r"^([4-9]\d|\d{3}) of ")  # enough for curves


def main() -> None:
    """Fill a data folder, start the app, and visit its pages twice."""
    chosen = _arguments()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mien-screenshots-") as folder:
        data_dir = Path(folder)
        _seed(data_dir)
        with _app(data_dir) as address, _training(data_dir), sync_playwright() as playwright:
            # A synthetic face: a person's picture has no place in a repository.
            clip = write_face_clip(data_dir / "face.mjpeg")
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=[*CHROMIUM_ARGS, f"--use-file-for-fake-video-capture={clip}"],
            )
            infos = [info for section in PAGES.values() for info in section]
            others = [info for info in infos if info not in {LIVE_CAMERA, TEACH_CLASS, JOIN_CLASS}]
            # The camera stores a session that is too short for drift: its page comes last.
            for visited in (others, [LIVE_CAMERA]):
                for scheme in ("light", "dark"):
                    _walk(browser, address, scheme, chosen, visited)
            for seed, scheme in enumerate(("light", "dark")):
                secret = _open_class(data_dir, seed)
                own = f"{address}/{_name(TEACH_CLASS)}?teach={secret}"
                _take_class(browser, own, scheme, chosen)
                link = f"{address}/{_name(JOIN_CLASS)}?class={link_token(secret)}"
                _take_learner(browser, link, scheme, chosen)
            browser.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT_DIR / "docs" / "screenshots")
    parser.add_argument("--width", type=int, default=1280, help="of the window, in pixels")
    parser.add_argument("--height", type=int, default=900, help="of the window, in pixels")
    return parser.parse_args()


def _seed(data_dir: Path) -> None:
    if (PROJECT_DIR / "data" / "assets").is_dir():
        (data_dir / "assets").symlink_to(PROJECT_DIR / "data" / "assets")
    policy_store.write(
        data_dir / policy_store.FILE_NAME, UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)
    )
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(data_dir)})
    with SessionStore.open(settings.database_url) as store:
        session, frames = demo_session(datetime.now(UTC), np.random.default_rng(7))
        store.begin(session)
        store.append(session.id, frames, now=session.began_at)
        store.set_calibration(session.id, 1, demo_calibration(session.began_at))
        store.end(session.id, ended_at=session.began_at + timedelta(seconds=frames[-1].time_s))
    source = DatasetSource(str(write_demo(data_dir / "demo", np.random.default_rng(7))))
    add(settings.datasets_dir, DEMO_NAME, source, settings.datasets_cache_dir)


def _open_class(data_dir: Path, seed: int) -> str:
    """Store a class that goes on; the secret of its teacher's link."""
    policy = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
    policy_store.write(data_dir / policy_store.FILE_NAME, policy)
    told = ("Biology 9b, photosynthesis", policy.region.value, policy.purpose.value)
    new = NewClassroom(*told, class_rules(policy).allowed, is_listed=False, labels=FER7.labels)
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(data_dir)})
    with SessionStore.open(settings.database_url) as store:
        # Its rows reach a little beyond now, so that it still goes on while its picture is taken.
        now, rng = datetime.now(UTC) + timedelta(seconds=30), np.random.default_rng(seed)
        return store_example(store, new, now=now, rng=rng).teacher_secret


@contextmanager
def _app(data_dir: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.headless", "true", "--server.address", "localhost"]
    server = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=PROJECT_DIR,
        env=_environment(data_dir),
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(f"{address}/_stcore/health")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def _training(data_dir: Path) -> Iterator[None]:
    """While inside, a small network is trained on synthetic faces, so that a run is shown."""
    command = [sys.executable, "-m", "core", "train", "--data", DEMO_NAME]
    command += ["--recipe", RECIPE, "--epochs", str(EPOCHS), "--set", "batch_size=16"]
    trainer = subprocess.Popen(command, cwd=PROJECT_DIR, env=_environment(data_dir))
    try:
        yield
    finally:
        trainer.send_signal(signal.SIGINT)
        trainer.wait(timeout=60)


def _environment(data_dir: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name[:5] != "MIEN_"}
    return {**environment, "MIEN_DATA_DIR": str(data_dir)}


def _wait_until_up(address: str) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _walk(
    browser: Browser,
    address: str,
    scheme: str,
    chosen: argparse.Namespace,
    infos: Sequence[PageInfo],
) -> None:
    context = browser.new_context(
        viewport={"width": chosen.width, "height": chosen.height}, color_scheme=scheme
    )
    page = context.new_page()
    for info in infos:
        page.goto(address if info is HOME else f"{address}/{_name(info)}")
        _settle(page)
        if info is LIVE_CAMERA:
            agree = page.get_by_role("button", name="I agree, start the camera")
            agree.wait_for()  # the browser first sends its stored consent
            _take(page, chosen.out / f"consent-{scheme}.png")
            agree.click()
            _wait_until_analysed(page)
        if info is PRACTICE:
            page.get_by_role("button", name="I agree").click()
            page.get_by_role("button", name="Start practice").wait_for()
            _settle(page)
        if info is TRAIN_MODEL:
            figure = page.get_by_test_id("stMetric").filter(has_text=f"of {EPOCHS}")
            figure.get_by_text(ENOUGH_EPOCHS).first.wait_for(timeout=TRAINS_WITHIN_MS)
        _take(page, chosen.out / f"{_name(info)}-{scheme}.png")
    context.close()


def _take_class(browser: Browser, address: str, scheme: str, chosen: argparse.Namespace) -> None:
    context = browser.new_context(
        viewport={"width": chosen.width, "height": chosen.height}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(address)
    _settle(page)
    page.locator(".js-plotly-plot").first.wait_for()
    _take(page, chosen.out / f"{_name(TEACH_CLASS)}-{scheme}.png")
    context.close()


def _take_learner(browser: Browser, address: str, scheme: str, chosen: argparse.Namespace) -> None:
    context = browser.new_context(
        viewport={"width": chosen.width, "height": chosen.height}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(address)
    _settle(page)
    page.get_by_role("button", name="I agree, join the class").click()
    page.locator(".kept dt").nth(3).wait_for()  # what the class keeps of a second
    _settle(page)
    _take(page, chosen.out / f"{_name(JOIN_CLASS)}-{scheme}.png")
    context.close()


def _wait_until_analysed(page: Page) -> None:
    page.get_by_text(re.compile(r"Usable\s+[1-9]")).wait_for()
    page.wait_for_timeout(11_000)  # until the trend of ten seconds is full


def _take(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    print(path)


def _name(info: PageInfo) -> str:
    return Path(info.path).stem


def _settle(page: Page) -> None:
    """Wait for the page's title, for the script to end, and for charts to be drawn."""
    page.locator("h1").first.wait_for(timeout=SETTLE_WITHIN_MS)
    for _ in range(2):  # late elements start as a skeleton after the first check
        page.wait_for_function(
            "() => !document.querySelector('[data-testid=stStatusWidget]')"
            " && !document.querySelector('[data-testid=stSkeleton]')",
            timeout=SETTLE_WITHIN_MS,
        )
        page.wait_for_timeout(1500)


if __name__ == "__main__":
    main()
