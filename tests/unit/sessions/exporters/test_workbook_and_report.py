"""The workbook, opened by openpyxl, and the page for the person."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from core.domain import FER7, Segment, SegmentKind, SourceKind, Timeline
from core.measures import MEASURES
from core.sessions.exporters import ExportSource, derive_columns
from core.sessions.exporters.export_tables import seconds_table
from core.sessions.exporters.workbook import MOST_BINS, bin_s_for
from tests.exported import exported
from tests.make import make_mark, make_moment, make_observation, make_session

EVIL = '=HYPERLINK("http://x")<script>alert(1)</script>'


@pytest.fixture
def source() -> ExportSource:
    moments = [
        make_moment(at / 10, make_observation(at / 10), make_observation(at / 10, track_id=2))
        for at in range(300)
    ]
    timeline = Timeline.from_frames(FER7, moments, [make_mark(1.0, EVIL)])
    derived = derive_columns(timeline, not_sure_below=0.5)
    segments = (Segment(0.5, 1.5, SegmentKind.QUESTION, EVIL),)
    session = replace(make_session(), title=EVIL)
    return ExportSource(session, timeline, derived, segments=segments, people={1: EVIL})


def _opened(*sources: ExportSource) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(exported(".xlsx", *sources)))


def test_a_workbook_has_figures_seconds_intervals_events_and_codebook(
    source: ExportSource,
) -> None:
    book = _opened(source)
    assert book.sheetnames == [*("Figures", "Charts", "Seconds", "Intervals", "Events", "Codebook")]
    rows = list(book["Seconds"].values)
    table = seconds_table(source).sort_values(["face_id", "t_s"])
    assert rows[0] == tuple(table.columns)
    assert len(rows) == len(table) + 1 == 61
    at = rows[0].index("facing_share_10s")
    measured = [np.nan if row[at] is None else row[at] for row in rows[1:]]
    assert measured == pytest.approx(table.facing_share_10s.tolist(), nan_ok=True)
    figures = {row[3:5]: row[5] for row in book["Figures"].values if row[2] == 1}
    assert figures["Usable time", None] == pytest.approx(30.0)
    assert figures["Expression shown", "happy"] == pytest.approx(1.0)
    assert figures[MEASURES["facing"].title, "facing_share_10s"] == pytest.approx(1.0)
    told = {row[1] for row in book["Codebook"].values if row[0] == "seconds"}
    assert told == set(rows[0])


def test_each_face_has_a_chart_of_its_own_rows(source: ExportSource) -> None:
    charts = _opened(source)["Charts"]._charts
    assert len(charts) == 2
    spans = [one.series[0].yVal.numRef.f for one in charts]
    assert [re.findall(r"\d+$", span)[0] for span in spans] == ["31", "61"]


def test_no_cell_is_a_formula_or_a_link(source: ExportSource) -> None:
    for sheet in _opened(source, replace(source, session=make_session("other"))):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
                assert not str(cell.value or "").startswith("=")


def test_a_session_of_hours_has_longer_bins_in_a_workbook(source: ExportSource) -> None:
    moments = [make_moment(at, make_observation(at)) for at in (0.0, 100_000.0)]
    timeline = Timeline.from_frames(FER7, moments)
    assert bin_s_for(replace(source, timeline=timeline)) == 100_000 / MOST_BINS
    assert bin_s_for(source) == 1.0


def test_a_report_says_what_the_page_says_and_what_figures_cannot_tell(
    source: ExportSource,
) -> None:
    page = exported(".html", source).decode()
    for words in (
        "happy 100 %",
        "100 % of the time",
        "0:00:30, 2 faces",
        "Face 2",
        "0:00:01",
        "<svg",
    ):
        assert words in page, words
    assert '<th scope="row">Engagement index' not in page
    assert "cannot" in page
    assert "not what anybody felt" in page


def test_a_report_runs_nothing_and_fetches_nothing(source: ExportSource) -> None:
    page = exported(".html", source, replace(source, session=make_session("other"))).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.findall(r"(?:src|href|url)\s*[=(]", page.replace("img-src", ""))


def test_a_picture_has_a_report_without_a_course(source: ExportSource) -> None:
    timeline = Timeline.from_frames(FER7, [make_moment(0.0, make_observation())])
    picture = replace(
        source,
        session=replace(make_session(), source=SourceKind.PICTURE),
        timeline=timeline,
        derived=derive_columns(timeline, not_sure_below=0.5),
    )
    assert "<svg" not in exported(".html", picture).decode()
