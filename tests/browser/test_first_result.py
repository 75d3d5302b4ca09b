"""From the first start to the first result, on a machine where region and purpose are chosen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import switch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

MOST_CLICKS = 4


def test_the_first_judged_face_is_at_most_four_clicks_from_home(server: Server, page: Page) -> None:
    clicks: list[Locator] = []

    def click(target: Locator) -> None:
        target.click()
        clicks.append(target)

    page.goto(server.url)
    expect(page.get_by_text("All pages", exact=True)).to_be_visible()  # a busy page is slow to act
    click(page.get_by_role("link", name="Open the camera").first)
    click(page.get_by_text("I have read this and agree."))
    click(page.get_by_role("button", name="Continue"))
    click(switch(page))
    judged = page.get_by_text(re.compile(r"Usable\s+[1-9]")).first
    expect(judged).to_be_visible(timeout=60_000)
    assert len(clicks) <= MOST_CLICKS
