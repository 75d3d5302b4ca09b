"""The page for recordings with a real browser: upload, follow from another tab, result."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.visitor import upload
from tests.clips import write_face_video
from tests.face_clip import draw_face

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

READ_WITHIN_MS = 240_000


def give(page: Page, server: Server, *files: Path) -> None:
    """Open the page by its own address, and choose files."""
    page.goto(f"{server.url}/analyse_recording")
    upload(page, "Videos or pictures", *files)


def uploads_in(server: Server) -> list[Path]:
    """Every file that lies in the folder of uploads."""
    return [path for path in server.settings.uploads_dir.rglob("*") if path.is_file()]


def test_an_upload_is_followed_from_another_tab_read_and_deleted(
    page: Page, server: Server, tmp_path: Path
) -> None:
    clips = [write_face_video(tmp_path / f"{name}.mp4", frames=90) for name in ("first", "second")]
    give(page, server, *clips)
    page.get_by_role("button", name="Everyone shown agrees: store temporarily and analyse").click()
    expect(page.get_by_text("Analysing", exact=True)).to_be_visible()
    assert uploads_in(server)
    with page.context.browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(f"{server.url}/analyse_recording")
        result = other.get_by_role("heading", name="Result")
        expect(result).to_be_visible(timeout=READ_WITHIN_MS)
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=READ_WITHIN_MS)
    expect(page.get_by_text("Most frequent expression")).to_be_visible()
    with server.store() as store:
        assert {entry.session.title for entry in store.sessions()} == {"first.mp4", "second.mp4"}
        assert {entry.rows for entry in store.sessions()} == {90}
    assert uploads_in(server) == []
    page.get_by_role("link", name="Open in Sessions").click()
    expect(page.get_by_role("heading", name="first.mp4")).to_be_visible()


def test_a_picture_never_reaches_the_disk(page: Page, server: Server, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(cv2.imencode(".png", draw_face()[..., ::-1])[1].tobytes())
    give(page, server, photo)
    page.get_by_text("Everyone shown has been informed of this and agrees.").click()
    expect(page.get_by_text("1 face, 1 usable.")).to_be_visible(timeout=READ_WITHIN_MS)
    assert uploads_in(server) == []
    with server.store() as store:
        assert store.sessions() == []
        page.get_by_role("button", name="Store these numbers as a session").click()
        expect(page.get_by_text("Stored. Open in Sessions")).to_be_visible()
        assert [entry.session.title for entry in store.sessions()] == ["photo.png"]
