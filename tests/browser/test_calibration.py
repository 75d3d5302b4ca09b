"""The dot of a calibration is where a person is told to look, and takes nothing from the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import expect_soon, open_live, start

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

EDGE_PX = 40


def test_the_dot_lies_in_the_corner_that_is_named_above_everything_until_it_is_over(
    server: Server, page: Page
) -> None:
    open_live(page, server.url)
    start(page)
    page.get_by_role("button", name="Pause").click()  # or the steps would go on by themselves
    page.get_by_role("button", name="Calibrate").click()
    dot = page.locator(".place svg")
    expect(page.get_by_role("status").filter(has_text="Paused. Resume")).to_be_attached()
    expect_soon(page, lambda: near_edges(dot, page), {"left", "top"})
    page.get_by_role("button", name="Skip step").click()
    expect_soon(page, lambda: near_edges(dot, page), {"right", "top"})
    page.get_by_role("button", name="Skip step").click()
    expect_soon(page, lambda: near_edges(dot, page), {"right", "bottom"})
    page.get_by_role("button", name="Cancel").click()
    expect(dot).to_have_count(0)
    expect(page.get_by_role("button", name="Calibrate")).to_be_visible()


def near_edges(dot: Locator, page: Page) -> set[str]:
    """The edges of the window that the dot is near."""
    box, window = dot.bounding_box(), page.viewport_size
    if box is None or window is None:
        return set()
    gaps = {
        "left": box["x"],
        "top": box["y"],
        "right": window["width"] - box["x"] - box["width"],
        "bottom": window["height"] - box["y"] - box["height"],
    }
    return {edge for edge, gap in gaps.items() if 0 <= gap < EDGE_PX}
