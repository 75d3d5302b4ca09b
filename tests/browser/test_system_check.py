"""System check in a real browser: the camera's test, and TensorFlow in a process of its own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.browser.conftest import CHROMIUM, FLAGS, Server
from tests.browser.visitor import settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SMALLEST_PICTURE_BYTES = 10_000

# Every track that the browser's camera gave to this page.
KEEP_TRACKS = """(() => {
  const media = navigator.mediaDevices;
  if (!media) return;
  const ask = media.getUserMedia.bind(media);
  const tracks = (window.top.tracks ??= []);
  media.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    tracks.push(...stream.getTracks());
    return stream;
  };
})()"""


def test_the_camera_is_measured_let_go_and_no_picture_leaves_the_browser(
    server: Server, page: Page
) -> None:
    sent: list[int] = []

    def note_sizes(socket: WebSocket) -> None:
        socket.on("framesent", lambda payload: sent.append(len(payload)))

    page.on("websocket", note_sizes)
    page.add_init_script(KEEP_TRACKS)
    page.goto(f"{server.url}/system_check")
    settled(page)
    page.get_by_role("button", name="Test the camera").click()
    expect(page.get_by_text(re.compile(r"The camera works: 640 x 480 px, \d+ FPS"))).to_be_visible()
    assert page.evaluate("window.tracks.map((one) => one.readyState)") == ["ended"]
    assert sent
    assert max(sent) < SMALLEST_PICTURE_BYTES


def test_a_refused_camera_brings_its_remedy(server: Server, chromium: Browser) -> None:
    strict = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*FLAGS, "--deny-permission-prompts"]
    )
    page = strict.new_page()
    page.goto(f"{server.url}/system_check")
    settled(page)
    page.get_by_role("button", name="Test the camera").click()
    expect(page.get_by_text("Allow it in the browser's address bar")).to_be_visible()
    strict.close()


def test_tensorflow_works_in_a_process_of_its_own(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/system_check")
    settled(page)
    page.get_by_role("button", name="Check TensorFlow and GPU").click()
    said = page.get_by_text(re.compile(r"works and (found no GPU|computes on)"))
    expect(said).to_be_visible(timeout=240_000)
