"""Hostile names in a real browser: nothing is fetched for them, and none of them is a link."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import settled
from tests.hostile import WORDS, put_everything

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PAGES = (
    *("sessions", "evaluate_model", "explore_data"),
    *("publish_model", "watch_drift", "responsible_use"),
)
"""Those that show such names as soon as they are opened."""

READ_AS_MARKUP = "a[href*='h.example'], a[href^='mailto:'], svg a, img[alt='x'], img[alt='y']"


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """Saved models of its own."""
    return tmp_path / "models"


def test_hostile_names_ask_no_other_machine_and_are_no_links(
    server: Server, page: Page, tmp_path: Path
) -> None:
    put_everything(server.settings, tmp_path)
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    here = urlsplit(server.url).hostname
    for path in PAGES:
        page.goto(f"{server.url}/{path}")
        settled(page)
        expect(page.get_by_text("h.example").first).to_be_attached(timeout=15_000)
        assert hosts <= {here, None}, path  # None: what stands in the page itself
        assert page.locator(READ_AS_MARKUP).count() == 0, path
    assert here in hosts


def test_a_hostile_title_is_read_letter_by_letter(
    server: Server, page: Page, tmp_path: Path
) -> None:
    put_everything(server.settings, tmp_path)
    page.goto(f"{server.url}/sessions")
    settled(page)
    title = page.locator("h3").filter(has_text="h.example").first.inner_text()
    assert title.replace("\u2060", "").strip() == WORDS
