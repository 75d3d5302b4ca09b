"""Signs of a class print to one sheet, whatever the class is called and shares."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from core.classroom.invitation import camera_sign, door_sign
from core.domain.classroom import MAX_TITLE_LENGTH, Shared
from core.policy import class_notice
from core.sessions import SessionStore
from tests.classes import EVERYTHING, opened

pytestmark = pytest.mark.browser

STUDY = replace(EVERYTHING, title="W" * MAX_TITLE_LENGTH, purpose="research", shared=tuple(Shared))
HOST = "https://learning.school.example.org/mien"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("sign", ["door", "camera"])
def test_a_sign_prints_to_one_page(tmp_path: Path, page: Page, sign: str, paper: str) -> None:
    with SessionStore.open(f"sqlite:///{tmp_path / 'm.db'}") as store:
        room = opened(store, STUDY).classroom
    link = f"{HOST}/join_class?class=0123456789abcdefghij"
    told = {"page": f"{HOST}/join_class", "link": link, "notice": class_notice(room)}
    content = door_sign(room, **told) if sign == "door" else camera_sign(room)
    (tmp_path / "sign.html").write_bytes(content)
    page.goto((tmp_path / "sign.html").as_uri())
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1
