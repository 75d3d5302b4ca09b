"""The live page by keys: each does what its button does, and none is taken from a text field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.sessions import read_csv
from tests.browser.conftest import Server
from tests.browser.visitor import (
    PERFORMANCE,
    STARTS_WITHIN_MS,
    expect_soon,
    open_live,
    start,
    strip,
    switch,
    until,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

DIALOG = """(opens) => {
  document.querySelector("#a-dialog")?.remove();
  const dialog = document.createElement("div");
  Object.assign(dialog, { id: "a-dialog", role: "dialog" });
  if (opens) document.body.append(dialog);
}"""


def test_keys_pause_take_mark_reset_and_stop(server: Server, page: Page) -> None:
    open_live(page, server.url)
    start(page)  # by a click: the switch has the focus, and Space must not switch the camera off
    page.keyboard.press("Space")
    expect(page.get_by_text("Paused.")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_text("Paused.")).to_have_count(0)
    with page.expect_download() as picture:
        page.keyboard.press("s")
    assert re.fullmatch(r"mien-.*Z\.png", picture.value.suggested_filename)
    assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as numbers:
        page.keyboard.press("e")
    assert len(read_csv(Path(numbers.value.path()).read_bytes())) > 0
    expect(strip(page)).to_be_visible()
    assert PERFORMANCE.search(strip(page).inner_text())
    page.keyboard.press("a")
    expect(scores_switch(page)).to_be_checked()
    page.keyboard.press("m")
    expect(page.locator(".annotation-text", has_text="mark").first).to_be_visible()
    page.keyboard.press("r")
    expect_soon(page, lambda: stored(server), 2)
    until(lambda: rows_of_newest(server))  # one of which nothing is stored has no summary
    expect(strip(page)).to_be_visible()
    page.keyboard.press("q")
    expect(page.get_by_text("Your session", exact=True)).to_be_visible()
    assert stored(server) == 2


def test_keys_are_left_to_text_fields_modifiers_and_whoever_came_by_tab(
    server: Server, page: Page
) -> None:
    open_live(page, server.url)
    start(page)
    word = page.get_by_placeholder("Label for the mark")
    word.click()
    page.keyboard.type("a quiz, resumed")
    expect(word).to_have_value("a quiz, resumed")
    expect(scores_switch(page)).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".annotation-text", has_text="a quiz").first).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("Shift+A")
    page.keyboard.press("Control+q")
    expect(scores_switch(page)).not_to_be_checked()
    page.keyboard.press("Alt+a")
    page.keyboard.press("Meta+a")
    page.evaluate(DIALOG, True)
    page.keyboard.press("a")
    expect(scores_switch(page)).not_to_be_checked()
    page.evaluate(DIALOG, False)
    scores_switch(page).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(scores_switch(page)).to_be_checked()
    expect(page.get_by_text("Paused.")).to_have_count(0)
    expect(strip(page)).to_be_visible()


def test_keys_do_nothing_while_the_camera_is_off_and_space_does_not_switch_it_off_again(
    server: Server, page: Page
) -> None:
    open_live(page, server.url)
    for key in ("Space", "s", "e", "m", "q"):
        page.keyboard.press(key)
    page.wait_for_timeout(1_000)
    expect(switch(page)).to_be_visible()
    expect(page.get_by_role("button", name="Screenshot")).to_be_disabled()
    switch(page).click()
    page.keyboard.press("Space")  # no picture plays yet that could be paused
    expect(strip(page)).to_be_visible(timeout=STARTS_WITHIN_MS)


def stored(server: Server) -> int:
    """How many sessions are stored."""
    with server.store() as store:
        return len(store.sessions())


def rows_of_newest(server: Server) -> int:
    """How many rows the newest session has."""
    with server.store() as store:
        return store.sessions()[0].rows


def scores_switch(page: Page):
    """The switch that draws every score."""
    return page.locator(".st-key-all-expressions input")
