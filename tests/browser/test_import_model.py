"""The import page with a real browser: a network described in one file, its weights in another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.domain import Interpolation
from core.models import load_card
from tests.browser.conftest import Server
from tests.browser.visitor import choose, upload
from tests.foreign import ALPHABET, write_described

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RUNS_WITHIN_MS = 240_000
BY_ALPHABET = "Alphabetical, as Keras reads folders"


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """No model yet: then the page is the form alone."""
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def test_weights_are_imported_with_the_description_that_belongs_to_them(
    page: Page, server: Server, models_dir: Path, tmp_path: Path
) -> None:
    page.set_default_timeout(RUNS_WITHIN_MS)
    architecture, weights = write_described(tmp_path)
    uploads = server.settings.uploads_dir
    page.goto(f"{server.url}/publish_model")
    expect(page.get_by_role("heading", name="Import a model trained elsewhere")).to_be_visible(
        timeout=RUNS_WITHIN_MS
    )

    # Weights alone are told what they lack, and nothing of them stays.
    upload(page, "Model file", weights)
    choose(page, "Class order", BY_ALPHABET)
    expect(page.get_by_text("4 neutral")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text(re.compile("give the architecture too"))).to_be_visible(
        timeout=RUNS_WITHIN_MS
    )
    assert list(uploads.iterdir()) == []
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text(re.compile("give the architecture too"))).to_have_count(0)

    # With the description they are a model, and the page says how its pictures are prepared.
    upload(page, "Model file", weights)
    page.get_by_text("If the file holds weights only").click()
    upload(page, "Model architecture (JSON from model.to_json())", architecture)
    choose(page, "Class order", BY_ALPHABET)
    page.get_by_text("Preprocessing").click()
    choose(page, "Upsampling", "Cubic")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("not evaluated yet")).to_be_visible(timeout=RUNS_WITHIN_MS)
    expect(page.get_by_text("true class: surprise").first).to_be_visible()
    assert list(uploads.iterdir()) == []
    card = load_card(models_dir, "network")
    assert card.weights == 64 * 7 + 7
    assert [card.scheme.labels[card.outputs.index(place)] for place in range(7)] == list(ALPHABET)
    assert card.input.interpolation is Interpolation.CUBIC
