"""Another resolution in a running start: larger pictures in the same connection and session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.live import DEFAULT_RESOLUTION, RESOLUTIONS
from tests.browser.conftest import CHROMIUM, FLAGS, Server
from tests.browser.test_camera_start import NOTE_CONNECTIONS, connections, open_now
from tests.browser.visitor import choose, expect_soon, open_live, start, stop, watched_s
from tests.face_clip import write_face_clip

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HD, FULL_HD = RESOLUTIONS[1:]

# The sizes of the tracks that the browser's camera gave.
NOTE_SIZES = """(() => {
  const media = navigator.mediaDevices;
  if (!media) return;
  const ask = media.getUserMedia.bind(media);
  const sizes = (window.top.sizes ??= []);
  media.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    const { width, height } = stream.getVideoTracks()[0].getSettings();
    sizes.push([width, height]);
    return stream;
  };
})()"""


@pytest.fixture
def hd_page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A tab whose camera has 1280 x 720 pixels."""
    clip = write_face_clip(tmp_path / "hd.mjpeg", size_px=(HD.width_px, HD.height_px))
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={clip}"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=flags)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    yield page
    browser.close()


def test_larger_pictures_come_in_the_same_connection_and_a_smaller_camera_is_named(
    server: Server, hd_page: Page
) -> None:
    page = hd_page
    page.add_init_script(NOTE_CONNECTIONS)
    page.add_init_script(NOTE_SIZES)
    open_live(page, server.url)
    start(page)
    assert page.evaluate("window.sizes") == [[DEFAULT_RESOLUTION.width_px, 480]]
    returned = page.locator(".camera video")
    assert returned.evaluate("one => one.videoWidth") <= DEFAULT_RESOLUTION.width_px

    choose(page, "Resolution", HD.name)
    page.wait_for_function("window.sizes.length === 2")
    assert page.evaluate("window.sizes[1]") == [HD.width_px, HD.height_px]
    # What comes back was received, analysed and drawn on at that size.
    expect(returned).to_have_js_property("videoWidth", HD.width_px)
    before_s = watched_s(page)
    expect_soon(page, lambda: watched_s(page) >= before_s + 2, True)

    choose(page, "Resolution", FULL_HD.name)
    words = re.compile(rf"This camera gives {re.escape(HD.name)} instead of {FULL_HD.name}")
    expect(page.get_by_text(words)).to_be_visible()
    before_s = watched_s(page)
    expect_soon(page, lambda: watched_s(page) >= before_s + 2, True)
    assert connections(page) == open_now(page) == 1
    stop(page)
    with server.store() as store:
        (entry,) = store.sessions()  # one session throughout
    assert entry.rows
