"""Train a model: choose, start, follow, stop, compare."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import (
    CONFIDENT2,
    BatchDone,
    EpochEnded,
    Finished,
    LogMessage,
    ResourcesUsed,
    RunStatus,
    SamplesSeen,
    Started,
    Waiting,
)
from core.domain.provenance import RecipeUsed
from core.jobs import Journal, Lease, RunFolder, annotate
from core.jobs.run_folder.folder import create
from core.models import KERAS_FILE, save
from core.settings import PROJECT_DIR, Settings
from core.system_check.app_checks import CheckResult
from core.training import RECIPES, TrainingPlan
from core.training.monitoring.measured_figures import label_of, measured_recipes
from core.training.networks.pretrained import download_advice
from pages.parts.shell import cached, run_panel
from pages.parts.shell.navigation import TRAIN_MODEL
from tests.datasets_on_disk import make_pictures, write_csv
from tests.make import make_card, make_report
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)


@pytest.fixture
def faces(tmp_path: Path, installation: Settings) -> str:
    """A small FER2013 in the catalogue."""
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", make_pictures())))
    add(installation.datasets_dir, "small", source, installation.datasets_cache_dir)
    return "small"


def record(installation: Settings, *, epochs: int, ended: RunStatus | None) -> RunFolder:
    """A run that learned for some epochs, and how it ended; None: its process vanished."""
    folder = create(
        installation.runs_dir,
        "train",
        TrainingPlan("two-block", dataset="small").to_json(),
        now=NOW - timedelta(hours=1),
        rng=np.random.default_rng(),
    )
    journal = Journal(folder.events, clock=lambda: NOW)
    journal.append(Started(1))
    for epoch in range(1, epochs + 1):
        metrics = {"loss": 2 / epoch, "val_accuracy": 0.1 * epoch, "seconds": 60.0}
        speed = {"pictures_per_s": 50.0, "learning_rate": 0.01}
        journal.append(EpochEnded(epoch, 8, {**metrics, **speed}))
    if ended is not None:
        error = "The loss became nan." if ended is RunStatus.FAILED else ""
        result = {"model": "quick"} if ended is RunStatus.COMPLETED else {}
        journal.append(Finished(ended, error=error, advice="Lower the rate.", result=result))
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict]]]:
    """What was asked to start; nothing does."""
    asked: list[tuple[str, dict]] = []

    def begin(kind, plan):
        asked.append((kind, dict(plan)))
        return "no-run"

    monkeypatch.setattr(run_panel, "start_run", begin)
    return asked


@contextmanager
def at_work(folder: RunFolder) -> Iterator[None]:
    """While inside, a worker seems to be at work on the run."""
    lease = Lease(folder.lease)
    assert lease.take()
    try:
        yield
    finally:
        lease.release()


def put_on_shelf(installation: Settings, folder: RunFolder, name: str = "quick") -> None:
    """A model that this run made."""
    save(installation.models_dir, replace(make_card(name), run_id=folder.id), {})


def look_at(visitor: AppTest, folder: RunFolder) -> AppTest:
    """Open the page at one run."""
    open_at(visitor, TRAIN_MODEL)
    visitor.session_state["slot:followed_run"] = folder.id
    return section(visitor, "This run")


def section(visitor: AppTest, name: str) -> AppTest:
    return visitor.button_group[0].select(name).run()


def number(visitor: AppTest, label: str):
    """One of the recipe's numbers."""
    return next(one for one in visitor.number_input if one.label == label)


def as_it_is(visitor: AppTest, recipe: str) -> AppTest:
    """The recipe, though there are few pictures."""
    return visitor.toggle(key=f"train-few-{recipe}-small").set_value(False).run()


def test_without_a_dataset_one_is_asked_for(visitor: AppTest, installation: Settings) -> None:
    open_at(visitor, TRAIN_MODEL)
    assert not visitor.exception
    assert "There is no dataset yet" in words_of(visitor)
    assert visitor.button(key="add-demo-dataset")


def test_a_recipe_says_whose_it_is_and_what_they_report(visitor: AppTest, faces: str) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("csv-4-vgg-dropout").run()
    assert not visitor.exception
    assert "csv-4-vgg-dropout. Source: Seven emotions from CSV" in words_of(visitor)
    assert "65.4 to 65.7 %" in words_of(visitor)


def test_a_recipe_is_chosen_by_what_it_reached_and_says_where_its_weights_are(
    visitor: AppTest, faces: str
) -> None:
    open_at(visitor, TRAIN_MODEL)
    offered = dict(zip(RECIPES, visitor.selectbox(key="recipe").options, strict=True))
    assert offered["compact-residual"] == label_of(
        RECIPES["compact-residual"], measured_recipes()["compact-residual"]
    )
    assert "Get " not in words_of(visitor)
    visitor.selectbox(key="recipe").select("mobilenet-v2").run()
    assert not visitor.exception
    assert download_advice(cached.settings().models_dir, "mobilenet_v2") in words_of(visitor)


@pytest.mark.parametrize(("where", "key"), [("New run", "train"), ("Sweeps", "sweep")])
def test_before_anything_starts_the_page_says_whether_there_is_a_gpu_and_waits_for_nothing(
    visitor: AppTest, faces: str, monkeypatch: pytest.MonkeyPatch, where: str, key: str
) -> None:
    answer: Future[CheckResult] = Future()
    monkeypatch.setattr(cached, "tensorflow_check", lambda: answer)
    section(open_at(visitor, TRAIN_MODEL), where)
    assert not visitor.exception
    assert "Looking for a GPU" in words_of(visitor)
    assert not visitor.button(key=f"{key}-start").disabled
    answer.set_result(CheckResult("TensorFlow", True, "It computes on 1 GPU"))
    said = words_of(visitor.run())
    assert "**TensorFlow.** It computes on 1 GPU" in said
    assert "Looking for a GPU" not in said
    visitor.text_input(key=f"{key}-cluster").set_value("ray://host:10001").run()
    assert "GPU" not in words_of(visitor), "another machine's is not known here"


def test_start_begins_a_run_with_what_was_chosen(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("two-block").run()
    number(visitor, "Epochs").set_value(3)
    number(visitor, "Random erasing").set_value(0.0)
    visitor.text_input(key="train-name").set_value("quick")
    visitor.text_input(key="train-cluster").set_value(" ray://host:10001 ")
    visitor.button(key="train-start").click().run()
    ((kind, plan),) = started
    assert kind == "train"
    assert (plan["recipe"], plan["dataset"], plan["name"]) == ("two-block", "small", "quick")
    assert plan["cluster"] == "ray://host:10001"
    assert plan["options"] == {"batch_size": 16, "epochs": 3, "augmentation": {"erasing": 0.0}}
    assert TrainingPlan.from_json(plan).chosen_recipe.epochs == 3


def test_a_recipe_is_fitted_to_few_pictures_and_the_boxes_say_so(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("csv-4-vgg-dropout").run()
    assert "60 steps with batch size 64" in words_of(visitor)
    assert "1,500 steps with batch size 16, in 300 epochs" in words_of(visitor)
    assert number(visitor, "Batch size").value == 16
    assert "Changed for this run: batch size 16, epochs 300" in words_of(visitor)
    visitor.button(key="train-start").click().run()
    small_data_options = {"batch_size": 16, "epochs": 300, "stops_after": 50, "patience": 20}
    assert started[0][1]["options"] == small_data_options


def test_the_hint_on_few_pictures_counts_those_of_the_limit(visitor: AppTest, faces: str) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("csv-4-vgg-dropout").run()
    assert "60 steps with batch size 64" in words_of(visitor)
    visitor.number_input(key="train-pictures").set_value(32).run()
    assert "Unchanged: 0 steps with batch size 64" in words_of(visitor)
    assert "1,000 steps with batch size 16, in 500 epochs" in words_of(visitor)


def test_a_visitor_who_wants_the_recipe_as_it_is_has_it(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("csv-4-vgg-dropout").run()
    as_it_is(visitor, "csv-4-vgg-dropout")
    assert number(visitor, "Epochs").value == 60
    visitor.button(key="train-start").click().run()
    assert started[0][1]["options"] == {}


def test_a_recipe_for_two_classes_chooses_them(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("attention-binary").run()
    visitor.button(key="train-start").click().run()
    assert started[0][1]["classes"] == "confident or stressed"


def test_a_recipe_for_levels_cannot_start_on_seven_expressions(
    visitor: AppTest, faces: str
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("expressiveness").run()
    assert visitor.button(key="train-start").disabled
    (refused,) = visitor.error
    assert "is for levels (reserved, balanced, expressive)" in refused.value
    assert "another recipe" in refused.value
    visitor.selectbox(key="recipe").select("compact-residual").run()
    assert not visitor.button(key="train-start").disabled
    assert not visitor.error


def test_a_name_that_cannot_be_one_is_refused(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.text_input(key="train-name").set_value("../out")
    visitor.button(key="train-start").click().run()
    assert not visitor.exception
    assert "cannot be the name" in visitor.error[0].value
    assert not started


def test_a_run_under_way_is_followed(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=3, ended=None)
    with at_work(folder):
        open_at(visitor, TRAIN_MODEL)
        assert not visitor.exception
        assert {one.label: one.value for one in visitor.metric} == {
            "Epoch": "3 of 8",
            "Best validation accuracy": "30.0 %",
            "Pictures/s": "50",
            "Learning rate": "0.01",
            "Time left": "5 min",
        }
        assert len(visitor.get("plotly_chart")) == 3
        visitor.button(key=f"cancel-{folder.id}").click().run()
        assert folder.cancel.exists()


def test_a_finished_run_names_its_model(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=8, ended=RunStatus.COMPLETED)
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "All runs")
    assert visitor.dataframe[0].value["Validation"].tolist() == pytest.approx([80.0])
    visitor.session_state["slot:followed_run"] = folder.id
    section(visitor, "This run")
    assert not visitor.exception
    assert "the model is saved as quick" in visitor.success[0].value


def test_a_visitor_who_comes_back_finds_the_newest_finished_run(
    visitor: AppTest, installation: Settings
) -> None:
    record(installation, epochs=8, ended=RunStatus.COMPLETED)
    record(installation, epochs=2, ended=RunStatus.CANCELLED)
    section(open_at(visitor, TRAIN_MODEL), "This run")
    assert not visitor.exception
    assert "the model is saved as quick" in visitor.success[0].value


def test_before_any_run_the_page_says_where_one_starts(
    visitor: AppTest, installation: Settings
) -> None:
    section(open_at(visitor, TRAIN_MODEL), "This run")
    assert "Start one under New run" in words_of(visitor)


@pytest.mark.parametrize(
    ("way", "title"),
    [
        ("evaluate", "Evaluate a model"),
        ("publish", "Publish a model"),
        ("live", "Live camera"),
    ],
)
def test_a_new_model_is_one_press_away_from_being_used(
    visitor: AppTest, installation: Settings, faces: str, way: str, title: str
) -> None:
    folder = record(installation, epochs=2, ended=RunStatus.COMPLETED)
    save(installation.models_dir, make_card("another"), {})
    put_on_shelf(installation, folder)
    look_at(visitor, folder)
    visitor.button(key=f"result-{way}").click().run()
    assert not visitor.exception
    assert visitor.title[0].value == title
    if way != "live":
        assert visitor.selectbox[0].value == "quick"


def test_a_lost_run_can_go_on(visitor: AppTest, installation: Settings, faces: str) -> None:
    folder = record(installation, epochs=2, ended=None)
    open_at(visitor, TRAIN_MODEL)
    visitor.session_state["slot:followed_run"] = folder.id
    section(visitor, "This run")
    assert "interrupted" in visitor.warning[0].value
    assert visitor.button(key=f"resume-{folder.id}")


def test_a_failed_run_says_why(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=1, ended=RunStatus.FAILED)
    open_at(visitor, TRAIN_MODEL)
    visitor.session_state["slot:followed_run"] = folder.id
    section(visitor, "This run")
    assert "The loss became nan." in visitor.error[0].value
    assert "Lower the rate." in visitor.error[0].value


def test_a_run_that_is_gone_is_one_sentence(visitor: AppTest, installation: Settings) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.session_state["slot:followed_run"] = "2026-01-01-0000-gone-goose"
    section(visitor, "This run")
    assert not visitor.exception
    assert "There is no run" in visitor.error[0].value


def test_a_run_shows_what_it_takes_and_says(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=3, ended=None)
    journal = Journal(folder.events, clock=lambda: NOW)
    journal.append(LogMessage("Computing in float32, 1 thread(s)."))
    journal.append(ResourcesUsed(0.98, 900.0))
    journal.append(BatchDone(4, 1, 2, 0.4))
    with at_work(folder):
        open_at(visitor, TRAIN_MODEL)
        assert not visitor.exception
        assert len(visitor.get("plotly_chart")) == 5
        assert {one.label: one.value for one in visitor.metric}["Time left"] == "4 min"
        assert "Computing in float32" in words_of(visitor)


def test_a_run_that_waits_says_its_place_and_can_be_cancelled(
    visitor: AppTest, installation: Settings
) -> None:
    first = record(installation, epochs=1, ended=None)
    second = record(installation, epochs=0, ended=None)
    Journal(second.events, clock=lambda: NOW).append(Waiting(first.id))
    with at_work(first), at_work(second):
        look_at(visitor, first)
        assert not visitor.exception
        assert visitor.expander[0].label == "1 running, 1 queued"
        assert f"**{second.id}** · two-block · queued, position 1" in words_of(visitor)
        visitor.button(key=f"cancel-{second.id}").click().run()
        assert second.cancel.exists()
        assert not first.cancel.exists()
        visitor.button(key=f"line-look-{second.id}").click().run()
        assert visitor.session_state["slot:followed_run"] == second.id


def test_a_finished_run_shows_its_models_card(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=8, ended=RunStatus.COMPLETED)
    put_on_shelf(installation, folder)
    look_at(visitor, folder)
    assert not visitor.exception
    figures = {one.label: one.value for one in visitor.metric}
    assert figures["Accuracy, PrivateTest"] == "70.0 %"
    assert figures["Calibration error"] == "2.0 %"
    assert "95 % CI [67.0, 73.0]" in words_of(visitor)
    assert "1,000,000 weights, 50.0 million MACs per picture" in words_of(visitor)


@pytest.mark.parametrize(("kept", "explained"), [(0.80, False), (0.834, True)])
def test_two_figures_of_one_split_are_explained(
    visitor: AppTest, installation: Settings, kept: float, explained: bool
) -> None:
    folder = record(installation, epochs=8, ended=RunStatus.COMPLETED)
    chooses = make_report("PublicTest", accuracy=kept)
    card = replace(make_card("quick"), run_id=folder.id, reports=(chooses, make_report()))
    save(installation.models_dir, card, {})
    said = words_of(look_at(visitor, folder))
    why = "The best epoch had 80.0 % on PublicTest during training; the exported file has 83.4 %"
    assert (why in said) is explained
    assert ("its batch normalisation is" in said) is explained


def test_a_model_that_was_removed_is_said(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=8, ended=RunStatus.COMPLETED)
    look_at(visitor, folder)
    assert not visitor.exception
    assert "The model quick is no longer saved here" in visitor.warning[0].value


def test_a_model_of_the_same_name_by_another_run_is_said(
    visitor: AppTest, installation: Settings
) -> None:
    folder = record(installation, epochs=8, ended=RunStatus.COMPLETED)
    save(installation.models_dir, make_card("quick"), {})
    look_at(visitor, folder)
    assert not visitor.exception
    assert "was made by another run" in visitor.warning[0].value


def test_a_run_whose_dataset_is_gone_says_what_to_do(
    visitor: AppTest, installation: Settings
) -> None:
    folder = record(installation, epochs=2, ended=RunStatus.CANCELLED)
    look_at(visitor, folder)
    assert not visitor.exception
    assert "The dataset small is missing." in visitor.warning[0].value
    assert "Explore data" in visitor.warning[0].value


@pytest.mark.parametrize("content", ["{", "[]", '{"kind": "train"}', ""])
def test_a_damaged_run_folder_is_named_and_hides_no_other(
    visitor: AppTest, installation: Settings, content: str
) -> None:
    broken = record(installation, epochs=1, ended=None)
    broken.plan.write_text(content)
    record(installation, epochs=2, ended=RunStatus.CANCELLED)
    look_at(visitor, broken)
    assert not visitor.exception
    assert "is no run" in visitor.error[0].value
    section(visitor, "All runs")
    assert not visitor.exception
    assert len(visitor.dataframe[0].value) == 1
    assert f"cannot be read: {broken.id}" in words_of(visitor)


def test_a_journal_of_rubbish_is_a_run_without_figures(
    visitor: AppTest, installation: Settings
) -> None:
    folder = record(installation, epochs=0, ended=None)
    folder.events.write_bytes(b"\x00\xff no json\n{}\n[1]\n")
    look_at(visitor, folder)
    assert not visitor.exception
    assert "interrupted" in words_of(visitor)


def test_a_dataset_whose_files_changed_is_said_and_another_can_be_chosen(
    visitor: AppTest, faces: str, tmp_path: Path
) -> None:
    (tmp_path / "fer2013.csv").unlink()
    open_at(visitor, TRAIN_MODEL)
    assert not visitor.exception
    assert len(visitor.error) == 1
    assert visitor.selectbox(key="train-dataset").options == ["small"]
    assert not [one for one in visitor.button if one.key == "train-start"]


def test_a_run_can_begin_with_a_model_of_its_own_network_and_learns_gently(
    visitor: AppTest, faces: str, installation: Settings, started: list[tuple[str, dict]]
) -> None:
    files = {KERAS_FILE: PROJECT_DIR / "models" / "compact-1" / KERAS_FILE}
    for name, recipe in (("small", "two-block"), ("other", "five-block")):
        save(installation.models_dir, replace(make_card(name), recipe=RecipeUsed(recipe, 1)), files)
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("two-block").run()
    begins = visitor.selectbox(key="train-begin-two-block")
    assert begins.options == ["Random weights", "small"]
    usual = number(visitor, "Learning rate").value
    begins.select("small").run()
    as_it_is(visitor, "two-block")
    gentle = number(visitor, "Learning rate").value
    assert gentle == pytest.approx(usual / 10)
    visitor.button(key="train-start").click().run()
    options = started[0][1]["options"]
    assert options == {"begins_with": "small", "learning_rate": pytest.approx(gentle)}


def test_only_teachers_with_the_datasets_classes_are_offered(
    visitor: AppTest, faces: str, installation: Settings, started: list[tuple[str, dict]]
) -> None:
    save(installation.models_dir, make_card("big"), {})
    save(installation.models_dir, replace(make_card("calm"), scheme=CONFIDENT2, reports=()), {})
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("two-block").run()
    teachers = visitor.multiselect(key="option-two-block-teachers-fer7")
    assert teachers.options == ["big"]
    teachers.set_value(["big"]).run()
    number(visitor, "Distillation weight").set_value(0.7).run()
    as_it_is(visitor, "two-block")
    visitor.button(key="train-start").click().run()
    assert started[0][1]["options"] == {"teachers": ["big"], "teaching": 0.7}


def test_growing_pictures_are_asked_for_by_two_sizes(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    as_it_is(visitor, "compact-residual")
    visitor.number_input(key="option-compact-residual-ends").set_value(64).run()
    visitor.button(key="train-start").click().run()
    assert started[0][1]["options"] == {"sizes_px": [[32, 0.35], [48, 0.35], [64, 0.30]]}


def test_an_earlier_run_tells_how_long_it_takes(
    visitor: AppTest, faces: str, installation: Settings
) -> None:
    record(installation, epochs=8, ended=RunStatus.COMPLETED)
    open_at(visitor, TRAIN_MODEL)
    assert "Duration unknown" in words_of(visitor)
    visitor.selectbox(key="recipe").select("two-block").run()
    as_it_is(visitor, "two-block")
    # 84 pictures at 50 a second, twelve times: 20 seconds.
    assert "About 1 min, at the speed of" in words_of(visitor)


def chosen(visitor: AppTest, *rows: int) -> AppTest:
    """Choose rows of the table of runs."""
    key = next(one.key for one in visitor.dataframe if (one.key or "").startswith("runs-"))
    visitor.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return visitor.run()


def test_two_runs_are_compared_by_curves_plans_and_models(
    visitor: AppTest, installation: Settings
) -> None:
    for name in ("quick", "slow"):
        folder = record(installation, epochs=8, ended=RunStatus.COMPLETED)
        lines = folder.events.read_text().replace('"quick"', f'"{name}"')
        folder.events.write_text(lines)
        put_on_shelf(installation, folder, name)
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "All runs")
    chosen(visitor, 0, 1)
    assert not visitor.exception
    assert len(visitor.get("plotly_chart")) == 2
    assert "their settings are the same" in words_of(visitor)
    assert visitor.dataframe[1].value["Verdict"].tolist() == [
        "No significant difference on 700 pictures."
    ]
    assert visitor.dataframe[1].value["Test"].tolist() == ["unpaired"]
    for table in visitor.dataframe:
        explained = {name for name in json.loads(table.proto.columns) if not name.startswith("_")}
        assert explained <= set(table.value.columns)


def test_all_columns_of_the_runs_are_shown_on_request(
    visitor: AppTest, installation: Settings
) -> None:
    record(installation, epochs=2, ended=RunStatus.CANCELLED)
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "All runs")
    shown = list(visitor.dataframe[0].proto.column_order)
    assert {"Run", "Test", "Model"} <= set(shown)
    assert "Epochs" not in shown
    visitor.toggle(key="runs-all-columns").set_value(True).run()
    assert list(visitor.dataframe[0].proto.column_order) == []  # all of them


def test_a_run_is_found_by_its_tag(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=2, ended=RunStatus.CANCELLED)
    record(installation, epochs=3, ended=RunStatus.CANCELLED)
    annotate(installation.runs_dir, folder.id, note="A first try.", tags=["baseline"])
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "All runs")
    assert len(visitor.dataframe[0].value) == 2
    visitor.button_group(key="run-tags").select("baseline").run()
    assert visitor.dataframe[0].value["Note"].tolist() == ["A first try."]


def test_a_note_is_kept_and_a_run_is_deleted(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=2, ended=RunStatus.CANCELLED)
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "All runs")
    chosen(visitor, 0)
    visitor.text_input(key=f"tags-{folder.id}").set_value("one, two")
    visitor.text_area(key=f"note-{folder.id}").set_value("Too short.")
    visitor.button(key=f"keep-{folder.id}").click().run()
    assert not visitor.exception
    assert visitor.dataframe[0].value["Note"].tolist() == ["Too short."]
    assert list(visitor.dataframe[0].value["Tags"][0]) == ["one", "two"]
    chosen(visitor, 0)
    visitor.button(key="delete-runs").click().run()
    assert not visitor.exception
    assert not folder.path.exists()
    assert "There are no runs yet" in words_of(visitor)


def test_a_sweep_is_started_from_its_own_section(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "Sweeps")
    assert not visitor.exception
    visitor.button(key="sweep-start").click().run()
    assert started[0][0] == "sweep"


def test_without_a_dataset_a_sweep_asks_for_one(visitor: AppTest, installation: Settings) -> None:
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "Sweeps")
    assert not visitor.exception
    assert "There is no dataset yet" in words_of(visitor)


def test_trials_of_a_sweep_are_no_runs_of_their_own(
    visitor: AppTest, installation: Settings
) -> None:
    trial = record(installation, epochs=2, ended=None)
    plan = trial.plan.read_text().replace('"trial_of": ""', '"trial_of": "2026-01-01-0000-a-sweep"')
    trial.plan.write_text(plan)
    with at_work(trial):
        open_at(visitor, TRAIN_MODEL)
        assert not visitor.exception
        assert "There is no dataset yet" in words_of(visitor)
        section(visitor, "All runs")
        assert "There are no runs yet" in words_of(visitor)


def test_sample_pictures_of_a_dataset_that_is_gone_are_said(
    visitor: AppTest, installation: Settings
) -> None:
    folder = record(installation, epochs=2, ended=None)
    journal = Journal(folder.events, clock=lambda: NOW)
    journal.append(SamplesSeen(2, [0, 1], [[1.0, 0, 0, 0, 0, 0, 0]] * 2))
    with at_work(folder):
        open_at(visitor, TRAIN_MODEL)
        assert not visitor.exception
        assert "Not available: There is no dataset 'small'." in words_of(visitor)
