"""Consent belongs to a tab: asked once in it, and in each other one."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import AGREE_AND_START, open_live, switch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

KEPT = "sessionStorage.getItem('mien-consent')"


def test_a_reload_asks_for_consent_no_second_time_but_another_tab_asks(
    server: Server, context: BrowserContext
) -> None:
    page = context.new_page()
    open_live(page, server.url)
    page.reload()
    expect(switch(page)).to_be_visible()
    assert page.evaluate(KEPT) is None, "a duplicated tab would copy it"
    other = context.new_page()
    other.goto(f"{server.url}/live_camera")
    expect(other.get_by_role("button", name=AGREE_AND_START)).to_be_visible()
    expect(switch(other)).to_have_count(0)


# Notes every mutation of the page in which something of this kind stands.
NOTE_SEEN = """(() => {
  window.seen = [];
  const look = () => {
    if (document.querySelector(".st-key-consent-start")) window.seen.push("asked");
    if (document.body?.textContent.includes("not agreed to anything")) window.seen.push("denied");
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})()"""


def test_after_a_reload_nobody_who_agreed_is_asked_or_told_otherwise_even_for_a_moment(
    server: Server, page: Page
) -> None:
    page.add_init_script(NOTE_SEEN)
    open_live(page, server.url)
    assert "asked" in page.evaluate("window.seen"), "the note is taken where it is asked"
    page.reload()
    expect(switch(page)).to_be_visible()
    assert page.evaluate("window.seen") == []
    page.goto(f"{server.url}/responsible_use")
    expect(page.get_by_text("You agreed in this tab")).to_be_visible()
    assert page.evaluate("window.seen") == []


def test_a_consent_that_was_withdrawn_is_asked_again_after_a_reload(
    server: Server, page: Page
) -> None:
    open_live(page, server.url)
    page.get_by_role("link", name="Responsible use").click()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("You have not agreed to anything in this tab.")).to_be_visible()
    page.goto(f"{server.url}/live_camera")
    expect(page.get_by_role("button", name=AGREE_AND_START)).to_be_visible()
    expect(switch(page)).to_have_count(0)
