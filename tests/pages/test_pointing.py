"""A page never points to something below or above that is not drawn there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.report import PreparationReport, write_report
from core.datasets.report.report_job import report_dir
from core.datasets.summary.summary import describe
from core.settings import Settings
from pages.parts.shell.navigation import EXPLORE_DATA, PAGES, SESSIONS, PageInfo
from tests.datasets_on_disk import make_pictures, write_csv
from tests.make import BEGAN_AT
from tests.pages.visits import open_at, words_of
from tests.pointing import dangling, drawn_on, pointers


@pytest.mark.parametrize(
    ("said", "is_left_hanging"),
    [
        ([("markdown", "Train with the class weights below.")], True),
        (
            [
                ("markdown", "Train with the class weights below."),
                ("caption", "A sampler does too."),
                ("plotly_chart", "Distribution"),
            ],
            True,
        ),
        ([("caption", "Class weights"), ("markdown", "Train with the weights below.")], True),
        ([("markdown", "Use the class weights below."), ("subheader", "Class weights")], False),
        ([("caption", "See the table below."), ("arrow_data_frame", "")], False),
        ([("markdown", "Choose another purpose above.")], True),
        ([("selectbox", "Purpose"), ("info", "Choose another purpose above.")], False),
        ([("caption", "Not sure below a score of 50 %, or below 0.5.")], False),
        ([("caption", "First line: label; second line: prediction.")], False),
    ],
)
def test_what_is_pointed_to_and_not_there_is_found(
    said: list[tuple[str, str]], is_left_hanging: bool
) -> None:
    assert bool(list(dangling(said))) is is_left_hanging


@pytest.mark.parametrize(
    "room", [room for rooms in PAGES.values() for room in rooms], ids=lambda room: room.path
)
def test_no_page_of_an_empty_installation_points_to_nothing(
    visitor: AppTest, installation: Settings, room: PageInfo
) -> None:
    open_at(visitor, room)
    assert not visitor.exception
    assert drawn_on(visitor)
    assert list(dangling(drawn_on(visitor))) == []


@pytest.fixture
def reported(tmp_path: Path, installation: Settings) -> Path:
    """The folder of a report on an uneven dataset that the page shows."""
    pictures = make_pictures()
    uneven = [one for at, one in enumerate(pictures) if one.label != "disgust" or at % 3 == 0]
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", uneven)))
    faces = add(installation.datasets_dir, "small", source, installation.datasets_cache_dir)
    folder = report_dir(installation.datasets_dir / "small", "")
    write_report(folder, PreparationReport(describe(faces), BEGAN_AT))
    return folder


def _report_of(visitor: AppTest) -> AppTest:
    open_at(visitor, EXPLORE_DATA).button_group(key="data-section").select("Report").run()
    assert not visitor.exception
    assert "Next steps" in [one.value for one in visitor.subheader]
    return visitor


def test_a_report_on_screen_points_to_nothing_that_is_not_there(
    visitor: AppTest, reported: Path
) -> None:
    assert list(dangling(drawn_on(_report_of(visitor)))) == []


def test_class_weights_that_an_older_report_says_are_below_are_below(
    visitor: AppTest, reported: Path
) -> None:
    summary = json.loads((reported / "summary.json").read_text())
    told = "Train with the class weights below, or with a sampler, and judge by macro F1."
    summary["next_steps"] = [told]
    (reported / "summary.json").write_text(json.dumps(summary))
    _report_of(visitor)
    assert told in words_of(visitor)
    assert pointers(told) == [("below", "weights")]
    assert list(dangling(drawn_on(visitor))) == []


def test_the_weights_on_the_page_are_those_of_the_file(visitor: AppTest, reported: Path) -> None:
    weights = json.loads((reported / "class_weights.json").read_text())["weights"]
    (table,) = _report_of(visitor).dataframe
    shown = dict(zip(table.value["Class"].str.lower(), table.value["Weight"], strict=True))
    assert shown == weights
    assert weights["disgust"] > 1 > weights["happy"]
    assert "Train with class weights" in words_of(visitor)


def test_a_session_on_screen_points_to_nothing_that_is_not_there(
    visitor: AppTest, installation: Settings
) -> None:
    open_at(visitor, SESSIONS).button(key="add-demo").click().run()
    assert not visitor.exception
    assert visitor.metric
    assert list(dangling(drawn_on(visitor))) == []
