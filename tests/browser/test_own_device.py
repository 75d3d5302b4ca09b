"""Faces read in the visitor's own browser, on the live page: only numbers reach the server."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from core.domain.row_answer import MAX_MESSAGE_BYTES
from core.sessions import read_csv
from tests.browser.visitor import (
    REMEMBER_WHAT_IS_DRAWN,
    STARTS_WITHIN_MS,
    open_live,
    start,
    stop,
    strip,
    switch,
    until,
    watched_s,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

COUNT_CONNECTIONS = """
window.connections = 0;
window.RTCPeerConnection = class { constructor() { window.connections += 1; } };
"""

SIZES_OF_PICTURE = """(eye) => {
  const [video, canvas] = ["video", "canvas"].map((one) => eye.querySelector(one));
  const { width, height } = canvas.getBoundingClientRect();
  return [
    Math.abs(height - video.getBoundingClientRect().height) < 1,
    Math.abs(canvas.width / canvas.height - width / height) < 0.01,
  ];
}"""
"""Whether the overlay covers the video, and is not drawn distorted."""
LABELS = {"Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral"}

NO_WEBGL = """
delete window.MediaStreamTrackProcessor;
OffscreenCanvas.prototype.getContext = () => null;
"""


def test_a_session_that_is_read_on_this_device_is_stored_as_any_other(server, page):
    page.add_init_script(COUNT_CONNECTIONS)
    open_live(page, server.url)
    page.get_by_text("Read on this device", exact=True).click()
    start(page)
    expect(page.get_by_text("Faces are read on this device")).to_be_visible()
    first = watched_s(page)
    until(lambda: watched_s(page) >= first + 3)
    until(lambda: _rows(server) > 16)
    stop(page)
    expect(strip(page)).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    table = read_csv(download.value.path().read_bytes())
    with server.store() as store:
        (entry,) = store.sessions()
        timeline = store.read(entry.session.id)
    assert entry.session.ended_at is not None
    assert entry.session.consent_at is not None
    assert len(table) == len(timeline) > 16
    assert (table["eye"] == "browser").all()
    assert np.array_equal(table["p_happy"], timeline.scores[:, 3], equal_nan=True)
    assert timeline.usable.mean() > 0.5
    assert page.evaluate("window.connections") == 0


def test_the_picture_shows_what_the_servers_own_does_and_is_saved_here_alone(server, page):
    page.add_init_script(REMEMBER_WHAT_IS_DRAWN)
    sent = []
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    page.on("websocket", lambda socket: socket.on("framesent", lambda x: sent.append(len(x))))
    open_live(page, server.url)
    page.get_by_text("Read on this device", exact=True).click()
    start(page)
    drawn = lambda: page.evaluate("window.drawn")  # noqa: E731
    until(lambda: any(re.match(r"1  [A-Z]", text) for text in drawn()))
    assert "Surprise" not in drawn()
    assert page.locator(".eye").evaluate(SIZES_OF_PICTURE) == [True, True]
    page.keyboard.press("a")
    until(lambda: set(drawn()) >= LABELS)
    with page.expect_download() as download:
        page.keyboard.press("s")
    assert re.fullmatch(r"mien-20[-\dT]+-\d{3}Z\.png", download.value.suggested_filename)
    content = download.value.path().read_bytes()
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (480, 640, 3)
    assert picture.std() > 10
    page.get_by_text("Measures only", exact=True).click()
    until(lambda: set(drawn()) == {"1"})
    page.keyboard.press("Space")
    expect(page.get_by_text("Paused.")).to_be_visible()
    page.evaluate("window.drawn = []")
    page.wait_for_timeout(1_000)
    assert drawn() == []
    stop(page)
    assert max(sent) <= MAX_MESSAGE_BYTES < len(content)
    with server.store() as store:
        (entry,) = store.sessions()
        timeline = store.read(entry.session.id)
    assert 1 in timeline.face_id
    assert not list(server.settings.data_dir.rglob("*.png"))


def test_a_browser_that_cannot_is_told_why_and_led_to_the_server_by_one_press(server, page):
    page.add_init_script(NO_WEBGL)
    open_live(page, server.url)
    page.get_by_text("Read on this device", exact=True).click()
    switch(page).click()
    expect(page.get_by_text("This browser has no WebGL")).to_be_visible()
    expect(page.get_by_text("pictures are then sent to the server")).to_be_visible()
    page.get_by_role("button", name="Read on the server").click()
    expect(strip(page)).to_be_visible(timeout=STARTS_WITHIN_MS)
    until(lambda: watched_s(page) >= 1)
    stop(page)
    with server.store() as store:
        (entry,) = store.sessions()
        assert set(store.read(entry.session.id).eye) == {"server"}


def _rows(server):
    with server.store() as store:
        return sum(entry.rows for entry in store.sessions())
