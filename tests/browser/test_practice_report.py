"""The report of a practice on paper: five answered questions fit two sheets of A4."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from core.domain.practice import AttemptOutcome, AttemptPart
from core.domain.question_set import Question
from core.practice import begin_attempt, begin_practice
from core.practice.exporters import PRACTICE_EXPORTS, practice_content
from core.sessions import SessionStore, demo_calibration, demo_session
from tests.practising import make_attempt, make_practice, make_self_report

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_PAGE = re.compile(rb"/Type\s*/Page\b")


def _report(tmp_path: Path, questions: int) -> Path:
    """A page of questions, each tried three times, with words of their own."""
    session, moments = demo_session(NOW, np.random.default_rng(2))
    with SessionStore.open(f"sqlite:///{tmp_path / 'm.db'}") as store:
        store.begin(session)
        store.append(session.id, moments, now=NOW)
        store.set_calibration(session.id, 1, demo_calibration(NOW))
        store.end(session.id, ended_at=NOW)
        text = "Tell us about a time when you disagreed with a colleague, and what came of it."
        practice = make_practice(questions=tuple([Question(text)] * questions), ended_at=NOW)
        begin_practice(store, practice)
        for number in (1, 2, 3):
            for index in range(questions):
                begin_attempt(
                    store,
                    make_attempt(
                        f"a{index}-{number}",
                        question_index=index,
                        number=number,
                        outcome=AttemptOutcome.ANSWERED,
                        parts=(AttemptPart(session.id, 0.0, 1.0, 88.0),),
                        report=make_self_report(),
                        revealed_at=NOW,
                    ),
                )
        written = PRACTICE_EXPORTS["report.html"].write(
            practice_content(store, practice, made_at=NOW)
        )
    path = tmp_path / "report.html"
    path.write_bytes(written)
    return path


@pytest.mark.parametrize("questions", [3, 5])
def test_a_practice_prints_to_two_pages(tmp_path: Path, page: Page, questions: int) -> None:
    requested: list[str] = []
    page.on("request", lambda one: requested.append(one.url))
    path = _report(tmp_path, questions)
    page.goto(path.as_uri())
    assert page.locator("svg").count() == 2 * questions
    assert len(_PAGE.findall(page.pdf(format="A4", prefer_css_page_size=True))) <= 2
    assert requested == [path.as_uri()]
