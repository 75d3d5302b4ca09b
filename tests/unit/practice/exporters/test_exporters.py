"""Files of a practice: read back, their figures are those of the stored rows, value by value."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.domain.practice import AttemptOutcome, Practice, SelfReport
from core.domain.question_set import Question
from core.practice import (
    ANSWER_MEASURES,
    RATING,
    add_example,
    answer_moment,
    attempts_of,
    begin_attempt,
    begin_practice,
    practice_of,
)
from core.practice.answers import answer_data, figures_of, moments_of
from core.practice.exporters import PRACTICE_EXPORTS, PracticeContent, practice_content
from core.sessions import SessionStore
from core.storage.csv_injection import original
from tests.practising import make_attempt, make_moment_answer, make_practice, part, record

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> & "quoted", 😀 \u05ea\u05e9\u05d5\u05d1\u05d4'
FORMULA = '=HYPERLINK("http://example.invalid","a")'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore.open(f"sqlite:///{tmp_path / 'm.db'}") as opened:
        yield opened


@pytest.fixture
def content(store: SessionStore) -> PracticeContent:
    """The example: a question tried twice, one not looked at, one skipped."""
    made = add_example(store, "Ana", now=NOW, rng=np.random.default_rng(1))
    return practice_content(store, made, made_at=NOW)


def _hostile(store: SessionStore) -> Practice:
    record(store, seconds=60)
    practice = make_practice(
        person=HOSTILE,
        set_name=HOSTILE,
        questions=(Question(HOSTILE), Question(FORMULA)),
        ended_at=NOW,
    )
    begin_practice(store, practice)
    report = SelfReport(3, 9, FORMULA, NOW)
    seen = {"outcome": AttemptOutcome.ANSWERED, "report": report, "revealed_at": NOW}
    begin_attempt(store, make_attempt("a1", parts=(part(0.0, 30.0),), **seen))
    begin_attempt(store, make_attempt("a2", question_index=1, parts=(part(30.0, 60.0),), **seen))
    answer_moment(store, "a1", make_moment_answer(words=FORMULA))
    return practice


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _written(content: PracticeContent, name: str) -> bytes:
    return PRACTICE_EXPORTS[name].write(content)


def test_figures_of_the_answers_file_are_those_of_the_stored_rows(
    store: SessionStore, content: PracticeContent
) -> None:
    rows = _rows(_written(content, "answers.csv"))
    attempts = {one.id: one for one in attempts_of(store, content.practice.id)}
    assert [row["attempt_id"] for row in rows] == list(attempts)
    seen = [row for row in rows if row["revealed_at"]]
    assert len(seen) == 2
    for row in seen:
        figures = figures_of(answer_data(store, attempts[row["attempt_id"]]))
        for name in ("usable_share", "facing_share", "tension", "confident_share", "length_s"):
            assert float(row[name]) == getattr(figures, name), name
        assert row["nods"] == str(figures.nods)
        assert {name: row[f"{name}_basis"] for name in figures.basis} == dict(figures.basis)
        for direction, seconds in figures.looked_s.items():
            assert float(row[f"looked_{direction}_s"]) == seconds
        assert row["speaking_share"] == ""
        report = attempts[row["attempt_id"]].report
        assert report is not None
        assert (row["calm"], row["satisfied"]) == (str(report.calm), str(report.satisfied))


def test_seconds_are_those_of_the_stored_rows(
    store: SessionStore, content: PracticeContent
) -> None:
    rows = _rows(_written(content, "seconds.csv"))
    attempts = attempts_of(store, content.practice.id)
    assert {row["attempt_id"] for row in rows} == {attempts[0].id, attempts[1].id}
    for attempt in attempts[:2]:
        (piece,) = attempt.parts
        stored = store.read(piece.session_id).of_face(1)
        own = [row for row in rows if row["attempt_id"] == attempt.id]
        assert len(own) == 44
        for second, row in enumerate(own):
            begins_s = piece.begins_s + second
            inside = (stored.time_s >= begins_s - 1e-6) & (stored.time_s < begins_s + 1 - 1e-6)
            assert float(row["t_s"]) == second + 0.5
            assert float(row["usable"]) == pytest.approx(stored.usable[inside].mean())
            if row["confident"]:
                shown = float(row["confident"]) + float(row["stressed"])
                assert shown == pytest.approx(1.0)


def test_nothing_measured_of_an_answer_that_was_not_looked_at_is_in_any_file(
    content: PracticeContent,
) -> None:
    rows = _rows(_written(content, "answers.csv"))
    unseen = rows[2]
    assert (unseen["outcome"], unseen["revealed_at"]) == ("answered", "")
    assert all(unseen[one.name] == "" for one in ANSWER_MEASURES)
    assert all(value == "" for name, value in unseen.items() if name.endswith("_basis"))
    assert unseen["attempt_id"] not in _written(content, "seconds.csv").decode()
    report = _written(content, "report.html").decode()
    assert "not looked at yet" in report
    assert report.count("<svg") == 2


def test_a_skipped_question_has_a_row_without_figures(content: PracticeContent) -> None:
    row = _rows(_written(content, "answers.csv"))[3]
    assert (row["outcome"], row["usable_share"]) == ("skipped", "")
    assert "Skipped." in _written(content, "report.html").decode()


def test_the_archive_holds_every_file_as_it_is_alone(content: PracticeContent) -> None:
    with zipfile.ZipFile(io.BytesIO(_written(content, "practice.zip"))) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {
            *("report.html", "answers.csv", "seconds.csv", "moments.csv", "codebook.csv")
        }
        for name in ("report.html", "answers.csv", "seconds.csv"):
            assert archive.read(name) == _written(content, name)
        codebook = _rows(archive.read("codebook.csv"))
        for name in ("answers.csv", "seconds.csv", "moments.csv"):
            header = next(csv.reader([archive.read(name).decode("utf-8-sig").split("\n", 1)[0]]))
            assert [row["column"] for row in codebook if row["file"] == name] == header
    for row in codebook:
        assert row["meaning"]
        assert bool(row["measure"]) == bool(row["version"])


def test_a_mark_is_a_row_of_the_moments(content: PracticeContent) -> None:
    with zipfile.ZipFile(io.BytesIO(_written(content, "practice.zip"))) as archive:
        rows = _rows(archive.read("moments.csv"))
    (mark,) = [row for row in rows if row["kind"] == "mark"]
    assert mark["attempt_id"] == content.answers[0].attempt.id
    assert (float(mark["begins_s"]), mark["words"]) == (24.0, "Lost the thread")


def test_moments_are_those_of_the_rows_with_what_was_said(store: SessionStore) -> None:
    practice = _hostile(store)
    content = practice_content(store, practice, made_at=NOW)
    with zipfile.ZipFile(io.BytesIO(_written(content, "practice.zip"))) as archive:
        rows = _rows(archive.read("moments.csv"))
    said = make_moment_answer()
    (own,) = [row for row in rows if row["verdict"]]
    assert own["kind"] == said.kind.value
    assert (float(own["begins_s"]), float(own["ends_s"])) == (said.begins_s, said.ends_s)
    assert original(own["words"]) == FORMULA
    offered = moments_of(answer_data(store, attempts_of(store, practice.id)[0]))
    assert len([row for row in rows if not row["verdict"]]) >= len(offered) - 1


def test_texts_survive_and_run_nowhere(store: SessionStore) -> None:
    content = practice_content(store, _hostile(store), made_at=NOW)
    rows = _rows(_written(content, "answers.csv"))
    assert [original(row["question"]) for row in rows] == [HOSTILE, FORMULA]
    assert original(rows[0]["words"]) == FORMULA
    assert rows[0]["words"].startswith("'=")
    page = _written(content, "report.html").decode()
    read = _Reader()
    read.feed(page)
    assert "script" not in read.tags
    assert HOSTILE in read.text
    assert FORMULA in read.text
    assert not re.search(r"(?:src|href)=", page)
    assert not re.search(r"url\(|@import", page)


class _Reader(HTMLParser):
    """Tags and text of a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_figures_of_the_report_are_those_of_the_answers(content: PracticeContent) -> None:
    read = _Reader()
    read.feed(_written(content, "report.html").decode())
    for answer in content.answers[:2]:
        for one in ANSWER_MEASURES:
            value = one.value(answer)
            if one.name in {"usable_share", "facing_share", "tension"} or one.unit == RATING:
                assert one.written(value) in read.text
    assert "a program made its numbers" in read.text


def test_an_unreadable_answer_says_only_how_much_was_read_and_the_remedy(
    store: SessionStore,
) -> None:
    record(store, seconds=5)
    begin_practice(store, make_practice(ended_at=NOW))
    attempt = make_attempt(
        outcome=AttemptOutcome.ANSWERED, parts=(part(0.0, 60.0),), revealed_at=NOW
    )
    begin_attempt(store, attempt)
    content = practice_content(store, practice_of(store, "p1"), made_at=NOW)
    (row,) = _rows(_written(content, "answers.csv"))
    assert 0 < float(row["usable_share"]) < 0.6
    assert row["facing_share"] == row["tension"] == ""
    page = _written(content, "report.html").decode()
    assert "too little could be read" in page
    assert "<svg" not in page


ANSWERED = {"outcome": AttemptOutcome.ANSWERED, "revealed_at": NOW}
RECORDED = (part(0.0, 20.0),)
NOT_STORED = "nothing is stored of it: it was deleted, or cut off at its begin"


@pytest.mark.parametrize(
    ("tries", "says"),
    [
        ([], "Not answered."),
        ([{"outcome": AttemptOutcome.SKIPPED}], "Skipped."),
        ([ANSWERED | {"revealed_at": None}], f"Answered; {NOT_STORED}."),
        ([ANSWERED | {"report": SelfReport(3, 9, "", NOW)}], f"Try 1, {NOT_STORED}."),
        (
            [
                ANSWERED | {"revealed_at": None, "parts": RECORDED},
                {"outcome": AttemptOutcome.SKIPPED},
            ],
            "Answered, but not looked at yet",
        ),
    ],
    ids=["nothing", "skipped", "deleted", "looked at and deleted", "not looked at"],
)
def test_the_report_says_why_a_question_has_no_figures(
    store: SessionStore, tries: list[dict[str, Any]], says: str
) -> None:
    record(store, seconds=60)
    practice = make_practice(questions=(Question("Why?"),), ended_at=NOW)
    begin_practice(store, practice)
    for at, changed in enumerate(tries):
        begin_attempt(store, make_attempt(f"a{at}", number=at + 1, **changed))
    content = practice_content(store, practice, made_at=NOW)
    page = _written(content, "report.html").decode()
    assert says in page
    assert sum(one in page for one in ("Skipped.", "Not answered.", "too little")) <= 1
    assert "0 %" not in page
    for row in _rows(_written(content, "answers.csv")):
        assert row["usable_share"] == ""


def test_a_percentile_needs_earlier_answers_of_the_same_person(store: SessionStore) -> None:
    record(store, seconds=60)
    outcome = AttemptOutcome.ANSWERED
    for day in range(6):
        began_at = NOW + timedelta(days=day)
        begin_practice(store, make_practice(f"p{day}", began_at=began_at, ended_at=began_at))
        attempt = make_attempt(
            f"a{day}", f"p{day}", outcome=outcome, parts=(part(0.0, 60.0),), revealed_at=began_at
        )
        begin_attempt(store, replace(attempt, began_at=began_at))
    last = practice_content(store, practice_of(store, "p5"), made_at=NOW)
    (row,) = _rows(_written(last, "answers.csv"))
    known = row["expressiveness"] != ""
    assert (row["expressiveness_percentile"] != "") == known
    first = practice_content(store, practice_of(store, "p0"), made_at=NOW)
    assert _rows(_written(first, "answers.csv"))[0]["expressiveness_percentile"] == ""
