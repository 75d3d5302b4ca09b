"""What a visitor does on a page, and how long they look before they say what stands there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

AGREE_AND_START, AGREE_ONLY = "I agree, start the camera", "I agree, start later"
TRIES, LIST_OPENS_WITHIN_MS = 5, 10_000
STARTS_WITHIN_MS, SETTLES_WITHIN_MS = 120_000, 240_000
DRAWN_WITHIN_S, LOOKS_EVERY_MS = 60.0, 100

REMEMBER_WHAT_IS_DRAWN = """
window.drawn = [];
const fillText = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  window.drawn = [...window.drawn.slice(-40), text];
  return fillText.call(this, text, ...place);
};
"""
"""A script before any other: texts that are drawn on canvases are kept in the window as "drawn"."""


def open_live(page: Page, url: str) -> None:
    """Open the live page by its own address, and agree to the notice; the camera stays off."""
    page.goto(f"{url}/live_camera")
    settled(page)
    page.get_by_role("button", name=AGREE_ONLY).click()
    expect(switch(page)).to_be_visible()


def open_live_again(page: Page, url: str) -> None:
    """Come back to the live page in the same tab, which remembers that its visitor agreed."""
    page.goto(f"{url}/live_camera")
    expect(switch(page)).to_be_visible()


def switch(page: Page) -> Locator:
    """The camera's switch."""
    return page.get_by_text("Camera on", exact=True)


def start(page: Page) -> None:
    """Switch the camera on and wait until a face is judged."""
    expect(strip(page)).to_have_count(0)  # that of the session before speaks for no other
    switch(page).click()
    expect(strip(page)).to_be_visible(timeout=STARTS_WITHIN_MS)
    usable = page.get_by_text(re.compile(r"Usable\s+[1-9]")).first
    expect(usable).to_be_visible(timeout=STARTS_WITHIN_MS)


def stop(page: Page) -> None:
    """Switch it off and wait for the summary."""
    switch(page).click()
    expect(page.get_by_text("Your session", exact=True)).to_be_visible()


PERFORMANCE = re.compile(r"FPS\s+(\d+).*?Latency\s+([\d,]+)\sms.*?p95\s+([\d,]+)\sms", re.S)
"""The strip's text, as the benchmark of the live page reads it: FPS, median, 95th percentile."""


def strip(page: Page) -> Locator:
    """The line that says how well it runs."""
    # While Streamlit redraws, the old line may stand beside the new one for a moment.
    return page.get_by_text(re.compile(r"Latency\s")).first


def settled(page: Page) -> None:
    """Wait until the page is drawn to its end.

    A fresh server draws a page that is opened by its own address twice: a press or a file given
    before may go to a part replaced.
    """
    expect(page.locator("h1").first).to_be_visible(timeout=SETTLES_WITHIN_MS)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"
        " && !document.querySelector('[data-testid=stStatusWidget]')"
        " && !document.querySelector('[data-testid=stSkeleton]')"
        " && !document.querySelector('[data-stale=true]')",
        timeout=SETTLES_WITHIN_MS,
        polling=LOOKS_EVERY_MS,  # by itself it looks at each picture, and so asks for all of them
    )


def keys_are_heard(page: Page) -> None:
    """Wait until the page listens to keys: its script is loaded after everything is drawn."""
    expect(page.locator("html[data-keys=heard]")).to_be_attached()


def upload(page: Page, label: str, *paths: Path) -> None:
    """Give files to the uploader of that name once the page is whole, and wait until it has them.

    Its name, not its place among all: parts that are closed hold uploaders too.
    """
    settled(page)
    uploader = page.get_by_test_id("stFileUploader").filter(has_text=label)
    uploader.locator("input[type=file]").set_input_files(paths)
    expect(uploader.get_by_text(paths[0].name).first).to_be_visible()


def choose(page: Page, label: str, option: str, *, exact: bool = False) -> None:
    """Choose from a list; as a person does, again if the page was just drawn anew and closed it."""
    wanted = page.get_by_role("option", name=option, exact=exact)
    for _ in range(TRIES):
        page.get_by_role("combobox", name=label).click()
        try:
            wanted.click(timeout=LIST_OPENS_WITHIN_MS)
        except NotInTime:
            page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"{label} never offered {option}")


def watched_s(page: Page) -> int:
    """Seconds the session has lasted, as the page says."""
    found = re.search(r"Time\s+(?:(\d+)\smin\s)?(\d+)\ss", strip(page).inner_text())
    assert found, strip(page).inner_text()
    return 60 * int(found[1] or 0) + int(found[2])


def expect_soon(page: Page, read: Callable[[], object], wanted: object) -> None:
    """Read until it is as wanted: tables and charts are drawn a moment after the words around them.

    Asserts with what was read last once `DRAWN_WITHIN_S` seconds have passed.
    """
    deadline = time.monotonic() + DRAWN_WITHIN_S
    while (found := read()) != wanted and time.monotonic() < deadline:
        page.wait_for_timeout(LOOKS_EVERY_MS)
    assert found == wanted


def until(holds: Callable[[], object], *, within_s: float = 60.0) -> None:
    """Wait until something beside the page holds, such as what is stored; at most that long."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(LOOKS_EVERY_MS / 1000)
