"""The browser's eye in its page: first load, readings a second, and answers to clicks.

A first visit: nothing is in the browser's cache.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.bench_live import camera_flags
from benchmarks.measuring import Row, row
from core.models import load_card
from core.settings import PROJECT_DIR
from tests.browser.conftest import CHROMIUM
from tests.browser.eye_bench import EyeBench, answer_to_a_click_s, running, shipped_bench

MODEL = "compact-2"
CLICKS, CLICKS_EVERY_MS = 40, 500
STARTS_WITHIN_MS = 60_000


def measure() -> list[Row]:
    """A first visit, with nothing in the browser's cache."""
    card = load_card(PROJECT_DIR / "models", MODEL)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(shipped_bench(PROJECT_DIR / "data" / "assets", card)) as bench,
        sync_playwright() as playwright,
    ):
        flags = camera_flags(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            asked, clicks_s = _watch(browser, bench)
        finally:
            browser.close()
        return _rows(bench, asked, clicks_s)


def _rows(bench: EyeBench, asked: list[str], clicks_s: list[float]) -> list[Row]:
    return [
        row("first load, compressed", bench.first_load_bytes(asked) / 1e6, "MB", "10"),
        row("readings", bench.readings_per_s, "a second", "at least 8"),
        row("answer to a click while it reads, median", statistics.median(clicks_s), "s"),
        row("answer to a click while it reads, longest", max(clicks_s), "s", "at most 0.5 s"),
    ]


def _watch(browser: Browser, bench: EyeBench) -> tuple[list[str], list[float]]:
    """Addresses of all requests, and the answers to clicks while it reads."""
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(bench.url)
    page.wait_for_function("window.told?.length > 0", timeout=STARTS_WITHIN_MS)
    told = page.evaluate("window.told.at(-1)")
    if told["state"] != "reading":
        raise RuntimeError(f"the eye does not read: {told}")
    bench.bodies.clear()  # the first second reads more slowly: its code is compiled
    return asked, _clicks(page)


def _clicks(page: Page) -> list[float]:
    clicks_s = []
    for _ in range(CLICKS):
        page.wait_for_timeout(CLICKS_EVERY_MS)
        clicks_s.append(answer_to_a_click_s(page))
    return clicks_s
