"""The eye in the browser where something is missing, late or wrong: one sentence, nothing lost."""

from __future__ import annotations

import time
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from pages.parts.live.browser_eye import UNABLE_TEXT
from tests.browser.conftest import Server
from tests.browser.eye_bench import EyeBench
from tests.browser.test_browser_eye import (
    NO_FRAMES_FOR_WORKERS,
    STARTS_WITHIN_MS,
    _told,
    bench,  # noqa: F401 - fixtures
    card,  # noqa: F401
    model,  # noqa: F401
    names,  # noqa: F401
)
from tests.browser.visitor import open_live, stop, strip, switch, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SILENT_S = 10.0
ASLEEP_S = 3.5
A_DAY_AHEAD = """
const { now } = Date;
Date.now = () => now() + 86_400_000;
"""
STAND_STILL = """
(seconds) => {
  const began = performance.now();
  while (performance.now() - began < seconds * 1000);
}
"""
SEARCHED_BY_STREAMLIT = {"/live_camera/_stcore/health", "/live_camera/_stcore/host-config"}
"""Streamlit's frontend looks for its server below the address of the page first, where a visitor
comes in by that. It is no error, and answered otherwise it would connect there."""


@pytest.mark.parametrize(
    ("missing", "part"),
    [
        (("visionBinary",), "landmarker"),
        (("visionLoader",), "landmarker"),
        (("litertBinary", "litertCompatBinary"), "model"),
        (("worker", "engine"), "engine"),
    ],
    ids=["landmarkers_wasm", "landmarkers_loader", "models_wasm", "both_scripts"],
)
def test_a_file_that_is_missing_is_named_by_its_part_and_the_camera_is_let_go(
    bench: EyeBench,  # noqa: F811
    page: Page,
    missing: tuple[str, ...],
    part: str,
) -> None:
    bench.missing = {bench.names[one] for one in missing}
    page.goto(bench.url)
    assert _told(page) == {"start": "one", "state": "unable", "part": part}
    assert page.evaluate("document.querySelector('video').srcObject") is None


def test_without_the_workers_script_the_page_reads(
    bench: EyeBench,  # noqa: F811
    page: Page,
) -> None:
    bench.missing = {bench.names["worker"]}
    page.goto(bench.url)
    told = _told(page)
    assert (told["state"], told["way"]) == ("reading", "page")


def test_rows_that_waited_for_a_silent_server_arrive_later_in_order_and_once(
    bench: EyeBench,  # noqa: F811
    page: Page,
) -> None:
    page.goto(bench.url)
    _told(page)
    until(lambda: len(bench.rows) >= 5)
    silent_until = time.monotonic() + SILENT_S
    taken: list[int] = []

    def answer(message: dict[str, int]) -> tuple[int, dict[str, int]]:
        if time.monotonic() < silent_until:
            return 503, {}
        taken.append(message["sequence"])
        return 200, {"next": message["sequence"] + 1}

    bench.answer = answer
    words = page.locator(".words")
    expect(words).to_contain_text("wait", timeout=STARTS_WITHIN_MS)
    expect(words).to_be_empty(timeout=STARTS_WITHIN_MS)
    until(lambda: len(taken) >= 3)
    assert taken == list(range(taken[0], taken[0] + len(taken)))
    rows = bench.rows
    for before, after in pairwise(rows):
        assert before["frame_index"] < after["frame_index"]
        assert 0 < after["time_s"] - before["time_s"] < 3  # nothing is missing in between
    assert rows[-1]["time_s"] - rows[0]["time_s"] >= SILENT_S
    assert bench.messages[-1]["dropped"] == 0


def test_a_machine_that_stood_still_is_a_gap_and_a_wrong_clock_changes_nothing(
    bench: EyeBench,  # noqa: F811
    page: Page,
) -> None:
    page.add_init_script(NO_FRAMES_FOR_WORKERS + A_DAY_AHEAD)
    page.goto(bench.url)
    assert _told(page)["way"] == "page"
    until(lambda: len(bench.rows) >= 5)
    page.evaluate(STAND_STILL, ASLEEP_S)
    until(lambda: any(message["gaps"] for message in bench.messages))
    gaps = [gap for message in bench.messages for gap in message["gaps"]]
    assert {gap["reason"] for gap in gaps} == {"asleep"}
    asleep = max(gaps, key=lambda gap: gap["end_s"] - gap["begin_s"])
    assert asleep["end_s"] - asleep["begin_s"] >= ASLEEP_S - 1
    inside = [row for row in bench.rows if asleep["begin_s"] < row["time_s"] < asleep["end_s"]]
    assert inside == []
    message = bench.messages[-1]
    assert message["client_unix_s"] > time.time() + 80_000  # said, and used for nothing
    assert all(row["time_s"] <= message["client_s"] for row in message["rows"])
    assert message["client_s"] < 3600


def test_the_live_page_asks_for_nothing_that_is_not_there_and_says_what_cannot_be_loaded(
    server: Server, page: Page
) -> None:
    missing: list[str] = []
    page.on(
        "response",
        lambda one: missing.append(urlsplit(one.url).path) if one.status == 404 else None,
    )
    page.route("**/eye/component*", lambda route: route.fulfill(status=404))
    open_live(page, server.url)
    page.get_by_text("Read on this device", exact=True).click()
    switch(page).click()
    expect(page.get_by_text(UNABLE_TEXT["component"])).to_be_visible(timeout=STARTS_WITHIN_MS)
    expect(page.get_by_role("switch", name="Camera on")).not_to_be_checked()
    assert {one for one in missing if "/eye/component" not in one} <= SEARCHED_BY_STREAMLIT


def test_two_tabs_of_one_browser_record_two_sessions(
    server: Server, context: BrowserContext
) -> None:
    for page in (context.new_page(), context.new_page()):
        open_live(page, server.url)
        page.get_by_text("Read on this device", exact=True).click()
        switch(page).click()
        expect(strip(page)).to_be_visible(timeout=STARTS_WITHIN_MS)
    first, second = context.pages
    first.bring_to_front()
    until(lambda: _rows_of(server)[1:] and min(_rows_of(server)) >= 5)
    for page in (first, second):
        stop(page)
    with server.store() as store:
        entries = store.sessions()
    assert len({entry.session.id for entry in entries}) == 2
    assert all(entry.session.ended_at is not None for entry in entries)


def _rows_of(server: Server) -> list[int]:
    with server.store() as store:
        return [entry.rows for entry in store.sessions()]
