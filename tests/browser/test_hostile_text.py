"""Hostile names in a real browser: nothing is fetched for them, and none of them is a link."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.domain import LabelScheme
from core.domain.plain_values import to_plain
from core.models import load_card
from core.settings import PROJECT_DIR
from tests.browser.conftest import Server
from tests.browser.visitor import (
    REMEMBER_WHAT_IS_DRAWN,
    open_live,
    settled,
    start,
    stop,
    until,
)
from tests.hostile import LABEL, WORDS, put_everything

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


def test_labels_over_the_picture_are_drawn_letter_by_letter(
    server: Server, page: Page, models_dir: Path
) -> None:
    card = load_card(PROJECT_DIR / "models", "compact-2")
    hostile = LabelScheme("own", tuple(f"{LABEL} {number}" for number in range(7)))
    shutil.copytree(PROJECT_DIR / "models" / card.name, models_dir / card.name)
    plain = to_plain(replace(card, scheme=hostile, reports=()))
    (models_dir / card.name / "card.json").write_text(json.dumps(plain), encoding="utf-8")
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.add_init_script(REMEMBER_WHAT_IS_DRAWN)
    open_live(page, server.url)
    page.get_by_text("Read on this device", exact=True).click()
    start(page)
    page.keyboard.press("a")
    cut = re.compile(r"!\[x\]\(www\.h\.ex.*…")
    until(lambda: any(cut.fullmatch(text) for text in page.evaluate("window.drawn")))
    inside = page.locator(".eye").evaluate("(eye) => [...eye.querySelectorAll('*')].length")
    # Badge and numbers are of a class, and empty here.
    assert inside == len(("picture", "video", "canvas", "words", "badge", "numbers"))
    assert page.locator(READ_AS_MARKUP).count() == 0
    assert hosts <= {urlsplit(server.url).hostname, None}
    stop(page)
