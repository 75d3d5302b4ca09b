"""The data page with a real browser: upload, explore, audit, fix, report."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.datasets.catalogue.catalogue import entries
from core.datasets.labels.corrections import load_corrections
from core.datasets.readers.demo import write_demo
from tests.browser.conftest import Server
from tests.browser.visitor import choose, settled, upload
from tests.datasets_on_disk import make_pictures, write_folders, write_zip

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RUNS_WITHIN_MS = 240_000
UPLOADER = "A CSV file, or a ZIP or TAR archive"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Drawn faces as a CSV file in a ZIP archive."""
    import numpy as np

    drawn = write_demo(tmp_path / "drawn", np.random.default_rng(3))
    path = tmp_path / "drawn faces.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(drawn, "faces/fer2013.csv")
    return path


def open_archive(page: Page, server: Server, path: Path) -> None:
    """Open the page by its own address, choose a file, press Open and wait until it is read."""
    page.goto(f"{server.url}/explore_data")
    upload(page, UPLOADER, path)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(section(page, "Overview")).to_be_visible(timeout=RUNS_WITHIN_MS)


def section(page: Page, name: str):
    """One of the page's sections."""
    return page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True)


def test_upload_explore_audit_fix_and_report(page: Page, server: Server, archive: Path) -> None:
    open_archive(page, server, archive)
    expect(page.get_by_text("392", exact=True).first).to_be_visible()
    section(page, "Pictures").click()
    expect(page.get_by_text("392 of 392 pictures")).to_be_visible()
    expect(page.locator(".mien-faces img")).to_have_count(60)

    section(page, "Problems").click()
    page.get_by_role("button", name="Audit", exact=True).click()
    repeats = page.get_by_test_id("stButtonGroup").get_by_text("Exact duplicate · 8", exact=True)
    expect(repeats).to_be_visible(timeout=RUNS_WITHIN_MS)
    page.get_by_test_id("stButtonGroup").get_by_text("Too dark · 6", exact=True).click()
    expect(page.get_by_role("heading", name="Too dark")).to_be_visible()
    page.get_by_role("button", name="Exclude all 6").click()
    page.get_by_role("button", name="Exclude them").click()
    expect(page.get_by_text("With 1 correction")).to_be_visible()
    folder = server.settings.datasets_dir / "drawn faces"
    assert len(load_corrections(folder).steps[0].names) == 6

    section(page, "Report").click()
    page.get_by_role("button", name="Create report").click()
    expect(page.get_by_text("Next steps")).to_be_visible(timeout=RUNS_WITHIN_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert "386" in report
    assert "<script" not in report
    with page.expect_download() as download:
        page.get_by_role("button", name="Summary (JSON)").click()
    numbers = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert numbers["counts"][-1]["pictures"] == 386
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_run_goes_on_while_the_tab_is_closed(page: Page, server: Server, archive: Path) -> None:
    open_archive(page, server, archive)
    section(page, "Problems").click()
    page.get_by_role("button", name="Audit", exact=True).click()
    expect(page.get_by_text("Auditing")).to_be_visible()
    again = page.context.new_page()
    page.close()
    again.goto(f"{server.url}/explore_data")
    settled(again)
    section(again, "Problems").click()
    found = again.get_by_test_id("stButtonGroup").get_by_text("Exact duplicate · 8", exact=True)
    expect(found).to_be_visible(timeout=RUNS_WITHIN_MS)


def test_unknown_labels_are_asked_about_and_mapped(
    page: Page, server: Server, tmp_path: Path
) -> None:
    root = write_folders(tmp_path / "faces", make_pictures(), named=True)
    (root / "train" / "fear").rename(root / "train" / "contempt")
    archive = write_zip(tmp_path / "faces.zip", root)
    page.goto(f"{server.url}/explore_data")
    upload(page, UPLOADER, archive)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Which class does each label stand for?")).to_be_visible(
        timeout=RUNS_WITHIN_MS
    )
    # Nobody knows contempt here, so nothing is chosen for it: opening waits for an answer.
    page.get_by_role("button", name="Open with these").click()
    expect(page.get_by_text("Nothing was chosen for")).to_be_visible()
    choose(page, "contempt", "Exclude")
    page.get_by_role("button", name="Open with these").click()
    expect(section(page, "Overview")).to_be_visible(timeout=RUNS_WITHIN_MS)
    expect(page.get_by_text("12 pictures were excluded, labelled contempt.")).to_be_visible()
    assert [one.name for one in entries(server.settings.datasets_dir)] == ["faces"]
