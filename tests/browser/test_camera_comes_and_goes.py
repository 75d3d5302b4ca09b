"""A camera that starts, stops, is unplugged, and whose page is left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import open_live, start, stop, strip, switch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# Keeps what the page got from the browser, so that a test can pull the plug.
KEEP_STREAMS = """(() => {
  const media = navigator.mediaDevices;
  if (!media) return;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    (window.top.keptStreams ??= []).push(stream);
    return stream;
  };
})()"""
PULL_THE_PLUG = "window.keptStreams.forEach(one => one.getTracks().forEach(it => it.stop()))"


def test_the_camera_starts_again_and_again(server: Server, page: Page) -> None:
    """How soon it starts is a benchmark (benchmarks/bench_live.py), not a test."""
    open_live(page, server.url)
    for _ in range(3):
        start(page)
        stop(page)
    with server.store() as store:
        entries = store.sessions()
    assert len(entries) == 3
    assert all(entry.rows and entry.session.ended_at for entry in entries)


def test_an_unplugged_camera_is_said_and_its_session_can_still_be_ended(
    server: Server, page: Page
) -> None:
    page.add_init_script(KEEP_STREAMS)
    open_live(page, server.url)
    start(page)
    page.evaluate(PULL_THE_PLUG)
    expect(page.get_by_text("Check that the camera is plugged in")).to_be_visible()
    expect(page.get_by_text(re.compile(r"(Happy|Sad|Fear|Angry|Neutral) \d+ %"))).to_have_count(0)
    stop(page)


def test_back_at_once_the_camera_is_off_and_starts_as_ever(server: Server, page: Page) -> None:
    open_live(page, server.url)
    start(page)
    page.get_by_role("link", name="Sessions").click()
    page.get_by_role("link", name="Live camera").click()
    expect(page.get_by_text("Your session", exact=True)).to_be_visible()
    expect(strip(page)).to_have_count(0)
    expect(switch(page)).to_be_visible()
    start(page)
    stop(page)
