"""The report of a lesson is one sheet of paper, and asks nobody for anything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from core.classroom.exporters import class_files, class_report
from core.domain.classroom import MAX_MARK_LENGTH, MAX_TITLE_LENGTH, ClassMark, MarkKind
from core.policy import Purpose, Region, UsePolicy, class_rules
from core.sessions import SessionStore
from tests.class_lessons import taught, viewed
from tests.classes import EVERYTHING, IN_EUROPE

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_PAGE = re.compile(rb"/Type\s*/Page\b")
LONG = replace(EVERYTHING, title="W" * MAX_TITLE_LENGTH, is_listed=False)
MANY = tuple(
    ClassMark(60.0 + 70 * at, MarkKind.SLIDE, "Wide " * (MAX_MARK_LENGTH // 5)) for at in range(30)
)


@pytest.mark.parametrize(
    ("new", "region", "marks"),
    [
        (LONG, Region.ELSEWHERE, MANY),
        (EVERYTHING, Region.ELSEWHERE, ()),
        (IN_EUROPE, Region.EU_EEA, MANY),
    ],
    ids=["everything", "without-marks", "europe"],
)
def test_a_lesson_prints_to_one_page(tmp_path: Path, page: Page, new, region, marks) -> None:
    with SessionStore.open(f"sqlite:///{tmp_path / 'm.db'}") as store:
        room = taught(store, new, learners=6, seconds=2400, marks=marks)
        rules = class_rules(UsePolicy(region, Purpose.CLASSROOM))
        report = class_report(room, viewed(store, room, rules, seconds=2400), made_at=NOW)
    path = tmp_path / "report.html"
    path.write_bytes(class_files(report)[0].content)
    requested: list[str] = []
    page.on("request", lambda one: requested.append(one.url))
    page.goto(path.as_uri())
    assert page.locator("svg.chart").count() == 3
    assert len(_PAGE.findall(page.pdf(format="A4", prefer_css_page_size=True))) == 1
    assert requested == [path.as_uri()]
