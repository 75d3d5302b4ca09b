"""The publishing page with a real browser: an imported model made, the shipped one taken along."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.models import load_card
from core.models.converted_formats import read_formats
from core.settings import PROJECT_DIR
from tests.browser.conftest import Server
from tests.browser.visitor import choose
from tests.convertible import shelve_linear

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RUNS_WITHIN_MS = 240_000


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """The shipped model, and one that was imported as ONNX."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "compact-1").symlink_to(PROJECT_DIR / "models" / "compact-1")
    shelve_linear(folder)
    return folder


def test_an_imported_model_is_converted_and_the_shipped_one_taken_along(
    page: Page, server: Server, models_dir: Path, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/publish_model")
    expect(page.get_by_text("6 of 7 formats match the network's predictions")).to_be_visible(
        timeout=RUNS_WITHIN_MS  # a first visit imports everything
    )
    choose(page, "Model", "line", exact=True)
    make = page.get_by_role("button", name="Convert to all formats")
    make.click()
    expect(page.get_by_text("1 of 8 formats match the network's predictions")).to_be_visible(
        timeout=RUNS_WITHIN_MS
    )
    card = load_card(models_dir, "line")
    passed = {row.name for row in read_formats(models_dir, card) if row.passed}
    assert passed == {"live", "onnx"}

    choose(page, "Model", "compact-1", exact=True)
    expect(page.get_by_text("6 of 7 formats match the network's predictions")).to_be_visible()
    expect(page.locator(".js-plotly-plot .legendtext")).to_have_count(7)
    take = page.get_by_role("button", name="Download (ZIP)")
    expect(take).to_have_count(1)  # the one of the model before goes when the page is whole
    with page.expect_download() as told:
        take.click()
    told.value.save_as(tmp_path / "taken.zip")
    with zipfile.ZipFile(tmp_path / "taken.zip") as archive:
        assert "compact-1-litert-dynamic-int8/example.py" in archive.namelist()
