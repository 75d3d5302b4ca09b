"""The main job, as a person does it: camera on, look, stop, take the numbers home."""

from __future__ import annotations

import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import read_csv
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.visitor import (
    expect_soon,
    open_live,
    open_live_again,
    start,
    stop,
    strip,
    switch,
    until,
    watched_s,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SCROLL_BAR_PX = 15  # of systems that draw one beside the page, which it then narrows


def test_a_deep_link_on_a_fresh_server_shows_the_framed_page(cold_server, page):
    page.goto(f"{cold_server.url}/live_camera")
    expect(page.get_by_role("heading", name="Live camera")).to_be_visible()
    expect(page.get_by_role("link", name="Sessions")).to_be_visible()
    expect(page).to_have_title(re.compile("Mien|Live camera"))
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_start_watch_stop_and_the_downloaded_csv_equals_the_stored_rows(server, page):
    open_live(page, server.url)
    start(page)
    first = watched_s(page)
    before = _lines(page)
    expect_soon(page, lambda: watched_s(page) >= first + 2, True)
    expect_soon(page, lambda: _lines(page) != before, True)  # the trend moves
    until(lambda: _entries(server)[0].rows > 30)
    assert _camera_height_px(page) > 200
    meter = page.get_by_role("img", name="Facing the screen, last minute")
    expect(meter.locator('path[d^="M"]')).to_have_count(1)  # after six seconds there is a value
    stop(page)
    assert _camera_height_px(page) < 120  # no empty frame stands before the summary
    expect(page.get_by_text("Your session", exact=True)).to_be_in_viewport()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    table = read_csv(Path(download.value.path()).read_bytes())
    with server.store() as store:
        (entry,) = store.sessions()
        timeline = store.read(entry.session.id)
    assert entry.session.ended_at is not None
    assert entry.session.consent_at is not None
    assert len(table) == len(timeline) > 30
    assert np.array_equal(table["t_s"], timeline.time_s)
    assert np.array_equal(table["p_happy"], timeline.scores[:, 3], equal_nan=True)
    assert (table["session_id"] == entry.session.id).all()
    assert timeline.usable.mean() > 0.5


def test_a_scroll_bar_leaves_model_and_resolution_in_one_row(server, page):
    page.set_viewport_size({"width": 1280 - SCROLL_BAR_PX, "height": 900})
    open_live(page, server.url)
    choices = [page.get_by_role("combobox", name=name) for name in ("Model", "Resolution")]
    assert len({one.bounding_box()["y"] for one in choices}) == 1


def test_a_phone_is_told_nothing_of_keys(server, chromium):
    size = {"width": 390, "height": 844}
    with chromium.new_context(viewport=size, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        open_live(page, server.url)
        start(page)
        expect(page.get_by_text("Keys")).to_be_hidden()


def _camera_height_px(page):
    return page.locator(".camera").bounding_box()["height"]


def test_leaving_the_page_closes_the_session(server, page):
    open_live(page, server.url)
    start(page)
    page.get_by_role("link", name="Sessions").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    until(lambda: _ended(server))
    page.get_by_role("link", name="Live camera").click()
    expect(switch(page)).to_be_visible()
    expect(strip(page)).to_have_count(0)


def test_what_is_forbidden_meanwhile_is_not_shown_any_longer(server, page):
    open_live(page, server.url)
    start(page)
    forbidden = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(server.settings.data_dir / policy_store.FILE_NAME, forbidden)
    expect(page.get_by_text("is prohibited")).to_be_visible()
    expect(strip(page)).to_have_count(0)
    until(lambda: _ended(server))


def test_closing_the_tab_closes_the_session(server, page):
    open_live(page, server.url)
    start(page)
    page.close()
    until(lambda: _ended(server))


def test_two_tabs_stay_apart(server, context):
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        open_live(page, server.url)
    start(one)
    expect(strip(other)).to_have_count(0)
    start(other)
    stop(one)
    expect(strip(other)).to_be_visible()
    stop(other)
    with server.store() as store:
        first, second = store.sessions()
    assert first.session.id != second.session.id
    assert min(first.rows, second.rows) > 0


def test_pause_reset_and_screenshot_do_what_they_say(server, page):
    open_live(page, server.url)
    start(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused.")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Paused.")).to_have_count(0)
    saved = []
    page.on("download", lambda download: saved.append(download))
    page.get_by_role("button", name="Screenshot").click()
    expect_soon(page, lambda: len(saved), 1)
    page.keyboard.press("s")
    expect_soon(page, lambda: len(saved), 2)
    assert len({one.suggested_filename for one in saved}) == 2
    for one in saved:
        assert one.suggested_filename.startswith("mien-20")
        assert Path(one.path()).read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Reset").click()
    until(lambda: len(_entries(server)) == 2)
    stop(page)
    pictures = [
        path
        for path in server.settings.data_dir.rglob("*")
        if path.suffix.lower() in {".png", ".jpg", ".jpeg", ".webp", ".mp4", ".webm"}
    ]
    assert pictures == []


def test_a_refused_camera_is_said_in_words(server, chromium):
    strict = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*FLAGS, "--deny-permission-prompts"]
    )
    page = strict.new_page()
    open_live(page, server.url)
    switch(page).click()
    words = page.get_by_text("Access to the camera was denied.")
    expect(words).to_be_visible()
    strict.close()


def test_a_killed_server_loses_at_most_a_second_and_recovers_the_session(server, page):
    open_live(page, server.url)
    start(page)
    expect_soon(page, lambda: watched_s(page) >= 3, True)
    seen_s = watched_s(page)  # the page is half a second behind, and shows whole seconds
    server.stop(signal.SIGKILL)
    with server.store() as store:
        (entry,) = store.sessions()
        assert entry.session.ended_at is None
        assert entry.last_s >= seen_s - 1.0
        assert entry.is_interrupted(datetime.now(UTC) + timedelta(minutes=1))
    _make_old(server, entry.session.id)
    server.start()
    open_live_again(page, server.url)
    expect(page.get_by_text("A session was interrupted")).to_be_visible()
    until(lambda: _ended(server))


def test_the_page_process_holds_no_tensorflow(cold_server, page):
    open_live(page, cold_server.url)
    start(page)
    maps = Path(f"/proc/{cold_server.process.pid}/maps")
    if not maps.exists():
        pytest.skip("no /proc on this system")
    loaded = maps.read_text()
    assert "mediapipe" in loaded
    assert "tensorflow" not in loaded


def _lines(page) -> list[str]:
    """The trend's lines, as soon as there are any: a chart is empty while it is redrawn."""
    found = page.wait_for_function(
        """() => {
            const lines = document.querySelectorAll(".js-plotly-plot .scatterlayer path.js-line");
            const paths = [...lines].map(line => line.getAttribute("d")).filter(Boolean);
            return paths.length ? paths : null;
        }""",
    )
    return found.json_value()


def _entries(server):
    with server.store() as store:
        return store.sessions()


def _ended(server) -> bool:
    return all(entry.session.ended_at is not None for entry in _entries(server))


def _make_old(server, session_id) -> None:
    """Put the last sign of life back by a minute, instead of waiting for it to pass."""
    with server.store() as store:
        long_ago = datetime.now(UTC) - timedelta(minutes=1)
        store.append(session_id, [], now=long_ago)
