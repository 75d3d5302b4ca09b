"""The evaluation page with a real browser: every chart of the shipped model's figures renders."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import choose

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# Classes, matrix, ROC, precision and recall, reliability, risk and coverage, two of learning.
CHARTS = 8


def open_page(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1280, "height": 5000})  # what is not seen is not drawn
    page.goto(f"{server.url}/evaluate_model")
    expect(page.get_by_text("Right in 68.7 % of 3,589 pictures it never saw")).to_be_visible()


def test_every_chart_of_the_shipped_model_renders(page: Page, server: Server) -> None:
    open_page(page, server)
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(CHARTS)
    for at in range(CHARTS):
        expect(charts.nth(at).locator(".main-svg").first).to_be_visible()
    assert charts.locator(".scatterlayer .trace, .barlayer .trace, .heatmaplayer .hm").count() > 20
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_matrix_can_be_read_as_counts_and_two_classes_be_seen(
    page: Page, server: Server
) -> None:
    open_page(page, server)
    cells = page.get_by_test_id("stPlotlyChart").nth(1).locator(".annotation-text")
    expect(cells.filter(has_text="90 %")).to_have_count(1)
    page.get_by_test_id("stButtonGroup").get_by_text("Counts", exact=True).click()
    expect(cells.filter(has_text="795")).to_have_count(1)
    choose(page, "Seen as", "Confident or stressed")
    expect(page.get_by_text("Right in 85.6 % of 3,118 pictures")).to_be_visible()
