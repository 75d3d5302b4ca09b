"""A lesson by minute and by slide says what its board showed."""

import csv
import io
import math
import statistics
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import openpyxl
import pytest

from core.classroom import learners_of, withdraw
from core.classroom.board import FACING, INDEX, PRESENT, Board, Withheld
from core.classroom.exporters import class_files, class_report
from core.domain.classroom import FlagKind
from core.policy import Purpose, Region, UsePolicy, class_rules
from core.sessions import SessionStore
from core.storage.csv_injection import original
from tests.class_lessons import FORMULA, MARKS, SCRIPT, taught, viewed
from tests.classes import EVERYTHING, OPENED_AT, opened

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ELSEWHERE = class_rules(UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
UNLISTED = replace(EVERYTHING, is_listed=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with SessionStore.open(f"sqlite:///{tmp_path_factory.mktemp('m') / 'm.db'}") as opened:
        yield opened


@pytest.fixture(scope="module")
def report(store):
    room = taught(store, UNLISTED, marks=MARKS, seconds=730)
    return class_report(room, viewed(store, room, ELSEWHERE, seconds=730), made_at=NOW)


@pytest.fixture(scope="module")
def files(report):
    return {one.name: one.content for one in class_files(report)}


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_minutes_cover_the_lesson_and_the_last_may_be_shorter(report):
    assert [(one.begins_s, one.ends_s) for one in report.minutes][-2:] == [(660, 720), (720, 730)]
    assert [one.number for one in report.minutes] == [*range(1, 14)]


def test_a_minute_is_the_mean_of_its_shown_windows(report):
    series = report.view.series[FACING]
    for number, minute in enumerate(report.minutes[:12]):
        inside = range(6 * number, 6 * number + 6)
        figure = minute.figures[FACING]
        for name in ("value", "low", "high"):
            values = [float(getattr(series, name)[at]) for at in inside]
            assert getattr(figure, name) == pytest.approx(statistics.fmean(values))
        assert (figure.shown_s, dict(figure.withheld_s)) == (60, {})


def test_slides_go_from_mark_to_mark_and_are_counted_without_a_label(report):
    assert [(one.number, one.label, one.begins_s, one.ends_s) for one in report.slides] == [
        (0, "Before the first mark", 0, 60),
        (1, "Slide 1", 60, 305),
        (2, FORMULA, 305, 500),
        (3, SCRIPT, 500, 730),
    ]
    windows = [one.figures[PRESENT].shown_s // 10 for one in report.slides]
    assert windows == [6, 24, 20, 23]  # a window counts where its middle lies


@pytest.mark.parametrize(("new", "tells"), [(UNLISTED, False), (EVERYTHING, True)])
def test_how_many_faces_were_usable_is_told_only_where_each_learner_is_shown(store, new, tells):
    """Of one learner it would tell whether a face was there."""
    room = taught(store, new, learners=4, seconds=60, seed=20 + tells)
    files = class_files(class_report(room, viewed(store, room, ELSEWHERE), made_at=NOW))
    (minutes,) = (one.content for one in files if one.name == "minutes.csv")
    assert ("usable" in read(minutes)[0]) == tells


def test_flags_and_dips_are_those_of_the_stretch(report):
    (dip,) = report.dips[FACING]
    assert (dip.begins_s, dip.ends_s) == (300, 420)
    assert [one.dip_s[FACING] for one in report.slides] == [0, 5, 115, 0]
    assert [one.flags[FlagKind.LOST] for one in report.slides] == [0, 0, 1, 0]
    assert [one.flags[FlagKind.QUESTION] for one in report.minutes][:2] == [1, 1]
    found = report.agreement
    assert (found.dip_minutes, found.flagged_dip_minutes) == (2, 1)
    assert (found.other_minutes, found.difference) == (11, None)


def test_what_was_withheld_is_withheld_in_the_report(store):
    room = taught(store, UNLISTED, seconds=130, learners=6, closed=False, seed=7)
    board = Board(store, room.id, ELSEWHERE)
    board.refresh(OPENED_AT.replace(minute=3))
    withdraw(store, learners_of(store, room.id)[0].id)
    view = board.refresh(OPENED_AT.replace(minute=3, second=1))
    report = class_report(room, view, made_at=NOW)
    first = report.minutes[0].figures[PRESENT]
    assert (first.value, first.shown_s, first.why_withheld) == (None, 0, Withheld.ONE_LEFT)
    assert dict(first.withheld_s) == {Withheld.ONE_LEFT: 60}
    last = report.minutes[2].figures[PRESENT]
    assert last.why_withheld is Withheld.NOT_MEASURED  # from 130 s on nobody shared anything
    (row, *_) = read(next(one for one in class_files(report) if one.name == "minutes.csv").content)
    assert (row["present"], row["present_withheld"], row["present_shown_s"]) == (
        "",
        "one_left",
        "0",
    )


def test_a_class_in_which_nothing_happened_has_a_report(store):
    room = opened(store, UNLISTED, seed=8).classroom
    view = Board(store, room.id, ELSEWHERE).refresh(OPENED_AT)
    report = class_report(room, view, made_at=NOW)
    (minute,) = report.minutes
    assert (minute.joined, minute.figures[PRESENT].value) == (None, None)
    assert [one.name for one in class_files(report)] == [
        "report.html",
        "class.xlsx",
        "minutes.csv",
        "codebook.csv",
    ]


def test_the_csv_files_read_back_as_the_report(report, files):
    for name, stretches in (("minutes.csv", report.minutes), ("slides.csv", report.slides)):
        rows = read(files[name])
        assert len(rows) == len(stretches)
        for row, one in zip(rows, stretches, strict=True):
            assert float(row["begins_s"]) == one.begins_s
            assert float(row["index_low"]) == pytest.approx(one.figures[INDEX].low, abs=1e-4)
            assert float(row["measured"]) == pytest.approx(one.measured, abs=1e-4)
            assert int(row["flag_lost"]) == one.flags[FlagKind.LOST]
            shares = [float(row[f"shown_{label}"]) for label in EVERYTHING.labels]
            assert sum(shares) + float(row["shown_not_sure"]) == pytest.approx(1, abs=1e-3)


def test_the_report_says_from_when_to_when_a_figure_dipped(files):
    assert "Dips, heads towards the screen: 5:00 to 7:00." in files["report.html"].decode()


def test_every_column_is_in_the_codebook_and_nothing_else(files):
    told = read(files["codebook.csv"])
    for name in ("minutes.csv", "slides.csv"):
        columns = [one["column"] for one in told if one["file"] == name]
        assert columns == list(read(files[name])[0])
        assert len(set(columns)) == len(columns)
    assert all(one["meaning"] for one in told)


def test_the_workbook_says_the_same_and_runs_no_formula(files):
    book = openpyxl.load_workbook(io.BytesIO(files["class.xlsx"]))
    assert book.sheetnames == ["Lesson", "Minutes", "Slides", "Dips", "Questions", "Codebook"]
    for title, name in (("Minutes", "minutes.csv"), ("Slides", "slides.csv")):
        head, *rows = book[title].iter_rows(values_only=True)
        expected = read(files[name])
        assert list(head) == list(expected[0])
        for row, told in zip(rows, expected, strict=True):
            for cell, text in zip(row, told.values(), strict=True):
                assert ("" if cell is None else cell) == (
                    float(text) if isinstance(cell, int | float) else text
                )
    for sheet in book:
        for cell in (one for row in sheet.iter_rows() for one in row):
            assert cell.data_type != "f"
            assert cell.hyperlink is None
    asked = [row[1] for row in book["Questions"].iter_rows(values_only=True, min_row=2)]
    assert asked == [SCRIPT, f"'{FORMULA}"]


def test_words_of_people_run_nowhere(report, files):
    labels = [one["label"] for one in read(files["slides.csv"])]
    assert labels[2] == f"'{FORMULA}"
    assert original(labels[2]) == FORMULA
    page = files["report.html"].decode()
    assert "<script" not in page
    tags = set()
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: tags.add((tag, *(name for name, _ in attrs)))
    reader.feed(page)
    assert not {tag for tag in tags if any(name.startswith("on") for name in tag[1:])}
    assert not {tag[0] for tag in tags} & {"script", "iframe", "a", "img", "link"}


def test_no_file_names_a_learner(store):
    room = taught(store, EVERYTHING, seconds=60, seed=9)
    view = viewed(store, room, ELSEWHERE, seconds=60)
    for one in class_files(class_report(room, view, made_at=NOW)):
        assert b"Learner 2" not in one.content
    assert any(one.name == "Learner 2" for one in view.learners)


def test_the_page_writes_figures_with_their_intervals(report, files):
    page = files["report.html"].decode()
    figure = report.slides[1].figures[FACING]
    ends = f"[{figure.low * 100:.0f}, {figure.high * 100:.0f}]"
    assert f"{figure.value * 100:.0f} % {ends}" in page
    assert "What not to conclude" in page
    assert all(math.isfinite(one.figures[PRESENT].value) for one in report.minutes)
