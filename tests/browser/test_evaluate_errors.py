"""Errors and explanations of the shipped model in a real browser, without any dataset here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.datasets.readers.demo import draw_face
from core.datasets.report.pictures import png
from tests.browser.conftest import Server
from tests.browser.visitor import settled, upload

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

BUSY_MS = 240_000
"""A first visit imports everything, and others may be at work."""


def section(page: Page, name: str) -> None:
    choice = page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).first
    choice.click(timeout=BUSY_MS)


def open_section(page: Page, server: Server, name: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 2000})
    page.goto(f"{server.url}/evaluate_model")
    settled(page)
    section(page, name)


def test_confused_pairs_are_shown_and_how_to_see_the_pictures(page: Page, server: Server) -> None:
    open_section(page, server, "Errors")
    expect(page.get_by_text("are not on this machine")).to_be_visible(timeout=BUSY_MS)
    bars = page.get_by_test_id("stPlotlyChart").locator(".barlayer .point")
    expect(bars).to_have_count(10)
    expect(page.get_by_text("Sad as neutral")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_maps_of_every_class_are_shown(page: Page, server: Server) -> None:
    open_section(page, server, "Saliency")
    expect(page.locator(".mien-maps img")).to_have_count(7, timeout=BUSY_MS)
    section(page, "Class-specific saliency")
    expect(page.get_by_text("less than for other classes")).to_be_visible()


def test_drawing_around_points_says_what_was_chosen(page: Page, server: Server) -> None:
    open_section(page, server, "Saliency")
    section(page, "All pictures")
    chart = page.get_by_test_id("stPlotlyChart")
    expect(chart.locator(".scatterlayer .point")).to_have_count(3589, timeout=BUSY_MS)
    box = chart.bounding_box()
    assert box is not None
    left, right = box["x"] + 0.25 * box["width"], box["x"] + 0.85 * box["width"]
    top, bottom = box["y"] + 0.25 * box["height"], box["y"] + 0.9 * box["height"]
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=5)
    page.mouse.up()
    expect(page.get_by_text("of them misclassified:")).to_be_visible(timeout=BUSY_MS)


def test_a_picture_of_one_s_own_is_explained_and_not_kept(
    page: Page, server: Server, tmp_path: Path
) -> None:
    face = tmp_path / "me.png"
    face.write_bytes(png(draw_face("happy", np.random.default_rng(5))))
    open_section(page, server, "Saliency")
    section(page, "One picture")
    section(page, "Your own picture")
    before = files(server)
    upload(page, "A picture with a face", face)
    expect(page.locator(".mien-maps img")).to_have_count(2, timeout=BUSY_MS)
    assert files(server) == before


def files(server: Server) -> list[Path]:
    """Every file that the installation holds."""
    return sorted(path for path in server.settings.data_dir.rglob("*") if path.is_file())
