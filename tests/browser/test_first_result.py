"""From the first start to the first result, on a machine that was set up and never used."""

from __future__ import annotations

import re
import time
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Page, expect

from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from tests.browser.conftest import Server
from tests.browser.visitor import AGREE_AND_START, settled
from tests.clips import write_face_video
from tests.face_clip import draw_face

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MOST_CLICKS, MOST_S = 4, 60.0
BROWSERS_OWN_CLICKS = 1
"""The browser's own question whether the camera may be used; here it is answered by itself."""

# Each press of the mouse, counted by the browser. Not "click": a press on the words beside a radio
# button is two of those.
COUNT_PRESSES = """
addEventListener("pointerdown", (event) => { if (event.isTrusted) notePress(); }, true);
"""


@pytest.fixture
def presses(page: Page) -> list[float]:
    """When the mouse was pressed in this tab, told by the browser."""
    seen: list[float] = []
    page.expose_function("notePress", lambda: seen.append(time.monotonic()))
    page.add_init_script(COUNT_PRESSES)
    return seen


def stored_policy(server: Server) -> UsePolicy | None:
    return policy_store.read(server.settings.data_dir / policy_store.FILE_NAME)


def test_of_a_fresh_installation_the_first_judged_face_is_four_clicks_and_a_minute_away(
    fresh_server: Server, page: Page, presses: list[float]
) -> None:
    began = time.monotonic()
    page.goto(fresh_server.url)
    page.get_by_role("link", name="Open the camera").first.click()
    page.get_by_text("EU or EEA", exact=True).click()
    expect(page.get_by_text("often wrong")).to_be_visible()
    assert stored_policy(fresh_server) is None, "chosen by nobody yet"
    page.get_by_role("button", name=AGREE_AND_START).click()
    judged = page.get_by_text(re.compile(r"Usable\s+[1-9]")).first
    expect(judged).to_be_visible(timeout=120_000)
    took_s = time.monotonic() - began
    assert len(presses) + BROWSERS_OWN_CLICKS <= MOST_CLICKS
    assert took_s <= MOST_S
    assert stored_policy(fresh_server) == UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)
    with fresh_server.store() as store:
        (entry,) = store.sessions()
    assert entry.session.consent_at is not None


def test_without_a_camera_the_first_result_of_a_video_is_four_clicks_and_a_minute_away(
    fresh_server: Server, page: Page, presses: list[float], tmp_path: Path
) -> None:
    clip = write_face_video(tmp_path / "me.mp4", frames=30)
    began = time.monotonic()
    give_first_recording(page, fresh_server.url, clip)
    page.get_by_role("button", name="Everyone shown agrees: store").click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=120_000)
    took_s = time.monotonic() - began
    assert len(presses) <= MOST_CLICKS
    assert took_s <= MOST_S
    assert stored_policy(fresh_server) == UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)


def test_without_a_camera_the_first_result_of_a_picture_is_four_clicks_and_a_minute_away(
    fresh_server: Server, page: Page, presses: list[float], tmp_path: Path
) -> None:
    photo = tmp_path / "me.png"
    photo.write_bytes(cv2.imencode(".png", draw_face()[..., ::-1])[1].tobytes())
    began = time.monotonic()
    give_first_recording(page, fresh_server.url, photo)
    page.get_by_text("Everyone shown has been informed of this and agrees.").click()
    expect(page.get_by_text("1 face, 1 usable.")).to_be_visible(timeout=120_000)
    took_s = time.monotonic() - began
    assert len(presses) <= MOST_CLICKS
    assert took_s <= MOST_S
    assert stored_policy(fresh_server) == UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)


def give_first_recording(page: Page, url: str, file: Path) -> None:
    """From home to a file that is given: three clicks, and what the file dialog asks for."""
    page.goto(url)
    page.get_by_role("link", name="Use a recording").first.click()
    page.get_by_text("EU or EEA", exact=True).click()
    settled(page)
    browse = page.get_by_role("button", name=re.compile("Upload|Browse files")).last
    with page.expect_file_chooser() as dialog:
        browse.click()
    dialog.value.set_files(file)
    expect(page.get_by_text(file.name).first).to_be_visible()
