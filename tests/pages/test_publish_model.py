"""Publish a model: what its formats are, making them, and taking one along."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.conversion import FORMATS, ConvertPlan
from core.domain import ONNX_FILE, Finished, Interval, PartDone, RunStatus, Started
from core.jobs import Journal, Lease
from core.jobs.run_folder.folder import create
from core.models.converted_formats import (
    FORMATS_FILE,
    LIVE_FORMAT,
    ConvertedFormat,
    formats_as_bytes,
    formats_folder,
)
from core.settings import Settings
from pages.parts.publish import charts
from pages.parts.shell import run_panel
from pages.parts.shell.navigation import PUBLISH_MODEL
from tests.convertible import make_parity, make_row, make_speed, shelve_linear
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Plans of the runs that the page started; none of them begins to work."""
    plans: list[dict[str, object]] = []

    def begin(kind: str, plan: dict[str, object]) -> str:
        assert kind == "convert"
        plans.append(plan)
        return "2026-11-21-1200-calm-otter"

    monkeypatch.setattr(run_panel, "start_run", begin)
    return plans


@pytest.fixture
def model(installation: Settings) -> str:
    """An ONNX model that was not converted yet."""
    return shelve_linear(installation.models_dir).name


@pytest.fixture
def converted(installation: Settings) -> str:
    """The same with three formats: its own file, one that is not here, one refused."""
    card = shelve_linear(installation.models_dir)
    sha = card.files[ONNX_FILE]
    change = Interval(-0.002, -0.006, 0.0021)
    far = make_parity(changed_labels=0.0237, accuracy_change=change, ece_change=0.004)
    rows = [
        make_row(LIVE_FORMAT, runtime="onnx", file=ONNX_FILE, sha256=sha),
        make_row("litert-float16", size_bytes=800_000, speed=make_speed(0.5)),
        make_row("litert-int8", parity=far, refusal="2.37 % get another label.", file=""),
        make_row("onnx", file=ONNX_FILE, sha256=sha),
        make_row("keras", parity=None, speed=None, refusal="It cannot be written.", file=""),
    ]
    publish(installation, [replace(row, source_sha256=sha) for row in rows])
    return card.name


def publish(installation: Settings, rows: list[ConvertedFormat]) -> None:
    folder = formats_folder(installation.models_dir, "line")
    folder.mkdir()
    (folder / FORMATS_FILE).write_bytes(formats_as_bytes(rows))


def open_publish(visitor: AppTest) -> AppTest:
    return open_at(visitor, PUBLISH_MODEL)


def test_without_a_model_training_is_offered(visitor: AppTest) -> None:
    open_publish(visitor)
    assert not visitor.exception
    assert "There is no model yet" in words_of(visitor)


def test_a_model_that_was_not_converted_says_what_it_can_be_made_into(
    visitor: AppTest, model: str, started: list[dict[str, object]]
) -> None:
    open_publish(visitor)
    assert not visitor.exception
    assert "line has not been converted yet" in words_of(visitor)
    for one in FORMATS.values():
        assert one.title in words_of(visitor)
    visitor.button(key="publish-all").click().run()
    assert started == [ConvertPlan("line").to_json()]


def test_formats_and_faces_can_be_chosen(
    visitor: AppTest, model: str, started: list[dict[str, object]]
) -> None:
    open_publish(visitor)
    visitor.multiselect(key="publish-formats-line").set_value(["onnx"])
    visitor.number_input(key="publish-pictures").set_value(500)
    visitor.button(key="publish-make").click().run()
    assert started == [ConvertPlan("line", formats=("onnx",), pictures=500).to_json()]


def test_no_format_chosen_is_told(
    visitor: AppTest, model: str, started: list[dict[str, object]]
) -> None:
    open_publish(visitor).multiselect(key="publish-formats-line").set_value([])
    visitor.button(key="publish-make").click().run()
    assert visitor.warning[0].value == "Choose at least one format."
    assert not started


def test_every_format_stands_in_the_table_with_its_figures(
    visitor: AppTest, converted: str
) -> None:
    open_publish(visitor)
    assert not visitor.exception
    table = visitor.dataframe[0].value.set_index("Format")
    assert table.loc["ONNX", "Passed"] == "Yes"
    assert table.loc["ONNX", "Size"] == "1.5 MB"
    assert table.loc["ONNX", "1 picture"] == "1.00 ms"
    assert table.loc["LiteRT, full 8-bit", "Passed"] == "Refused"
    assert table.loc["Keras", "1 picture"] == ""
    int8 = visitor.dataframe[1].value.set_index("Format").loc["LiteRT, full 8-bit"]
    assert int8["Predictions changed"] == "2.37 %"
    assert int8["Accuracy change"] == "-0.20 points [-0.60, +0.21]"
    assert int8["ECE change"] == "+0.40 points"
    assert len(visitor.get("plotly_chart")) == 1


def test_the_answer_comes_first_and_refusals_bring_their_figure(
    visitor: AppTest, converted: str
) -> None:
    open_publish(visitor)
    assert "2 of 4 formats match the network's predictions" in visitor.info[0].value
    assert "Live camera uses LiteRT, float16 weights" in visitor.info[0].value
    assert "**LiteRT, full 8-bit** is refused. 2.37 % get another label." in words_of(visitor)
    assert "Compared on 700 drawn faces." in words_of(visitor)


def test_the_archive_is_made_when_it_is_asked_for(visitor: AppTest, converted: str) -> None:
    open_publish(visitor).selectbox(key="publish-take-line").set_value("onnx").run()
    assert not visitor.exception
    button = visitor.get("download_button")[0]
    assert button.proto.label == "Download (ZIP)"


def test_a_format_whose_file_is_not_here_is_made_again_with_one_click(
    visitor: AppTest, converted: str, started: list[dict[str, object]]
) -> None:
    open_publish(visitor).selectbox(key="publish-take-line").set_value("litert-float16").run()
    assert "The file of this format is not on this machine" in words_of(visitor)
    visitor.button(key="publish-again").click().run()
    assert started == [ConvertPlan("line", formats=("litert-float16",)).to_json()]


def test_refused_formats_cannot_be_taken_along(visitor: AppTest, converted: str) -> None:
    options = open_publish(visitor).selectbox(key="publish-take-line").options
    assert options == ["LiteRT, float16 weights", "ONNX"]


def test_nothing_passed_is_told(visitor: AppTest, model: str, installation: Settings) -> None:
    source = json.loads((installation.models_dir / "line" / "card.json").read_text())
    sha = source["files"][ONNX_FILE]
    publish(installation, [make_row(refusal="Too far.", file="", source_sha256=sha)])
    open_publish(visitor)
    assert not visitor.exception
    assert "No download available" in words_of(visitor)


def test_a_damaged_list_is_told_and_formats_can_be_made_again(
    visitor: AppTest, model: str, installation: Settings
) -> None:
    formats_folder(installation.models_dir, "line").mkdir()
    (formats_folder(installation.models_dir, "line") / FORMATS_FILE).write_text("{")
    open_publish(visitor)
    assert not visitor.exception
    assert "cannot be read" in visitor.error[0].value
    assert visitor.button(key="publish-all")


def test_a_conversion_under_way_is_followed(
    visitor: AppTest, model: str, installation: Settings
) -> None:
    plan = ConvertPlan("line").to_json()
    folder = create(installation.runs_dir, "convert", plan, now=NOW, rng=np.random.default_rng())
    journal = Journal(folder.events, clock=lambda: NOW)
    journal.append(Started(1))
    journal.append(PartDone(3, 9, "LiteRT, float32", 0.5))
    lease = Lease(folder.lease)
    assert lease.take()
    open_publish(visitor)
    lease.release()
    assert not visitor.exception
    assert "Converting and testing" in words_of(visitor)
    assert visitor.button(key=f"cancel-{folder.id}")
    assert "has not been converted yet" not in words_of(visitor)


def test_a_conversion_that_failed_says_why(
    visitor: AppTest, model: str, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = ConvertPlan("line").to_json()
    began = NOW - timedelta(minutes=5)
    folder = create(installation.runs_dir, "convert", plan, now=began, rng=np.random.default_rng())
    monkeypatch.setattr(run_panel, "start_run", lambda *_: folder.id)
    journal = Journal(folder.events, clock=lambda: began)
    journal.append(Finished(RunStatus.FAILED, "The disk is full.", "Free some space."))
    open_publish(visitor).button(key="publish-all").click().run()
    assert "The disk is full." in visitor.error[0].value
    visitor.button(key=f"close-{folder.id}").click().run()
    assert not visitor.error


def test_the_chart_marks_refused_formats_as_hollow() -> None:
    rows = [make_row("onnx"), make_row("litert-int8", refusal="Too far."), make_row(speed=None)]
    figure = charts.size_and_time(rows)
    assert [trace.name for trace in figure.data] == ["ONNX", "LiteRT, full 8-bit (refused)"]
    assert figure.data[1].marker.symbol == "square-open"
    assert (figure.data[0].x[0], figure.data[0].y[0]) == (1.5, 1.0)
