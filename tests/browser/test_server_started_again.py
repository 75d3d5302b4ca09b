"""A server that is started again while a camera is on: reading goes on by itself."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import (
    open_live,
    open_live_again,
    start,
    stop,
    strip,
    switch,
    until,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WENT_ON = "reading goes on as a new session"
RECONNECTS_WITHIN_MS = 120_000
COUNT_STARTS = """
window.starts = 0;
const { getUserMedia } = navigator.mediaDevices;
navigator.mediaDevices.getUserMedia = function (...asked) {
  window.starts += 1;
  return getUserMedia.apply(this, asked);
};
"""


def _is_on(page: Page) -> bool:
    return page.get_by_role("switch", name="Camera on").is_checked()


def _ids(server: Server) -> set[str]:
    """Of the stored sessions that have rows."""
    with server.store() as store:
        return {entry.session.id for entry in store.sessions() if entry.rows > 0}


def _start_again(server: Server, page: Page, number: int = signal.SIGTERM) -> None:
    """End it, start it, and wait until it reads with the camera as it stands.

    What the page shows may be left from before: rows of a new session say that it reads.
    """
    server.stop(number)
    before = _ids(server)
    server.start()
    expect(page.get_by_text(WENT_ON)).to_be_visible(timeout=RECONNECTS_WITHIN_MS)
    until(lambda: _ids(server) - before)
    expect(strip(page)).to_be_visible(timeout=RECONNECTS_WITHIN_MS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_what_this_device_reads_goes_on_with_the_same_camera(
    server: Server, page: Page, number: int
) -> None:
    page.add_init_script(COUNT_STARTS)
    open_live(page, server.url)
    page.get_by_text("Read on this device", exact=True).click()
    start(page)
    _start_again(server, page, number)
    assert _is_on(page)
    assert page.evaluate("window.starts") == 1
    stop(page)
    with server.store() as store:
        after, *earlier = store.sessions()
    assert after.session.consent_at is not None
    assert after.rows > 0
    if (
        earlier
    ):  # a server that is killed soon may have stored nothing yet: then all is in the new one
        (before,) = earlier
        stored_until = before.session.began_at + timedelta(seconds=before.last_s)
        # What was read while there was no server begins the new session, and nothing is in both.
        # Each begins when its first row was captured, to within what that took to arrive.
        assert timedelta(seconds=-1) < after.session.began_at - stored_until < timedelta(seconds=2)


def test_a_camera_whose_picture_is_sent_goes_on_too(server: Server, page: Page) -> None:
    open_live(page, server.url)
    start(page)
    _start_again(server, page)
    assert _is_on(page)
    stop(page)
    with server.store() as store:
        after, before = store.sessions()
    assert before.session.ended_at is not None
    assert min(before.rows, after.rows) > 0


def test_a_camera_that_was_off_stays_off_and_so_does_one_after_a_reload(
    server: Server, page: Page
) -> None:
    page.add_init_script(COUNT_STARTS)
    open_live(page, server.url)
    server.stop()
    server.start()
    page.get_by_text("Switch the camera on to start.").wait_for()
    page.wait_for_timeout(2000)
    assert not _is_on(page)
    start(page)
    open_live_again(page, server.url)
    expect(switch(page)).to_be_visible()
    assert not _is_on(page)
    assert page.evaluate("window.starts") == 0  # of the new document
