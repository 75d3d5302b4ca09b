"""Sweeps on screen: the form, the view and their figures, each on a page of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import Finished, RunStatus, Started
from core.jobs import Journal, RunFolder
from core.jobs.run_folder.folder import create
from core.settings import PROJECT_DIR, Settings
from core.training import TrainingPlan
from core.training.sweeps import (
    DEFAULT_TRIALS,
    MOST_AT_ONCE,
    MOST_TRIALS,
    SweepPlan,
    SweepSummary,
    TrialState,
    TrialSummary,
)
from core.training.sweeps.summary import write_summary
from pages.parts.train.sweeps import charts
from tests.datasets_on_disk import make_pictures, write_csv
from tests.pages.visits import words_of

NOW = datetime.now(UTC)
SEARCH = {"learning_rate": "1e-4..1e-2:log", "dropout": "0..0.5", "schedule": "cosine,plateau"}
TRIALS = (
    TrialSummary(
        1,
        TrialState.COMPLETED,
        {"learning_rate": 0.001, "dropout": 0.1, "schedule": "cosine"},
        0.41,
        (0.2, 0.41),
        "run-1",
    ),
    TrialSummary(
        2,
        TrialState.COMPLETED,
        {"learning_rate": 0.003, "dropout": 0.2, "schedule": "plateau"},
        0.48,
        (0.3, 0.48),
        "run-2",
    ),
    TrialSummary(
        3,
        TrialState.PRUNED,
        {"learning_rate": 0.0001, "dropout": 0.5, "schedule": "cosine"},
        0.12,
        (0.12,),
        "run-3",
    ),
    TrialSummary(
        4,
        TrialState.FAILED,
        {"learning_rate": 0.01, "dropout": 0.0, "schedule": "cosine"},
        why="The loss became nan.",
    ),
)
SEEN = SweepSummary(
    "mine",
    "two-block",
    2,
    6,
    SEARCH,
    TRIALS,
    {"learning_rate": 0.9, "dropout": 0.08, "schedule": 0.02},
)


def form_page() -> None:
    import streamlit as st

    from pages.parts.train.sweeps.form import choose_sweep

    plan = choose_sweep()
    if plan is not None:
        st.json(plan.to_json())


def view_page(run_id: str) -> None:
    import streamlit as st

    from pages.parts.train.sweeps.sweep_view import show

    plan = show(run_id, forget=lambda: None)
    if plan is not None:
        st.json(plan.to_json())


@pytest.fixture
def faces(tmp_path: Path, installation: Settings) -> str:
    """A small FER2013 in the catalogue."""
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", make_pictures())))
    add(installation.datasets_dir, "small", source, installation.datasets_cache_dir)
    return "small"


@pytest.fixture
def form(faces) -> AppTest:
    return AppTest.from_function(form_page, default_timeout=20).run()


def record(installation: Settings, *, ended: RunStatus, seen: SweepSummary | None) -> RunFolder:
    """A sweep that ended."""
    plan = SweepPlan(TrainingPlan("two-block", dataset="small", epochs=2, pictures=50), SEARCH)
    rng, began = np.random.default_rng(), NOW - timedelta(hours=1)
    folder = create(installation.runs_dir, "sweep", plan.to_json(), now=began, rng=rng)
    journal = Journal(folder.events, clock=lambda: NOW)
    journal.append(Started(1))
    if seen is not None:
        write_summary(folder.path, seen)
    error = "3 trials in a row failed." if ended is RunStatus.FAILED else ""
    journal.append(Finished(ended, error=error, advice="Search elsewhere." if error else ""))
    return folder


def _visit(folder: RunFolder) -> AppTest:
    return AppTest.from_function(view_page, args=(folder.id,), default_timeout=20).run()


def test_the_form_asks_for_the_usual_ranges_with_their_reasons(form):
    assert not form.exception
    asked = {one.key: one.value for one in form.text_input}
    assert asked["sweep-range-two-block-learning_rate"] == "0.0002..0.01:log"
    assert "The most important one" in words_of(form)
    # As a phone shows them, column under column.
    ranges = [key.rpartition("-")[2] for key in asked if str(key).startswith("sweep-range")]
    assert ranges == ["learning_rate", "dropout", "label_smoothing"]


def test_the_form_offers_as_many_trials_as_a_plan_may_have(form):
    trials = form.number_input(key="sweep-trials")
    assert (trials.min, trials.value, trials.max) == (1, DEFAULT_TRIALS, MOST_TRIALS)
    parallel = form.number_input(key="sweep-parallel")
    assert (parallel.min, parallel.value, parallel.max) == (1, 1, MOST_AT_ONCE)


def test_start_gives_the_plan_that_was_chosen(form):
    form.multiselect(key="sweep-values-two-block").set_value(["dropout", "batch_size"]).run()
    form.text_input(key="sweep-range-two-block-dropout").set_value("0.1,0.3").run()
    form.number_input(key="sweep-trials").set_value(5).run()
    form.number_input(key="sweep-epochs-two-block-300").set_value(2).run()
    form.text_input(key="sweep-name").set_value("shared").run()
    form.button(key="sweep-start").click().run()
    assert not form.exception
    plan = SweepPlan.from_json(json.loads(form.json[0].value))
    assert plan.search == {"dropout": "0.1,0.3", "batch_size": "32,64,128,256"}
    assert (plan.trials, plan.base.epochs, plan.name, plan.base.dataset) == (
        5,
        2,
        "shared",
        "small",
    )
    assert plan.base.options == {"batch_size": 16, "epochs": 300}  # there are few pictures


def test_the_number_of_pictures_decides_how_a_recipe_is_adapted(form):
    form.number_input(key="sweep-pictures").set_value(32).run()
    form.button(key="sweep-start").click().run()
    assert not form.exception
    plan = SweepPlan.from_json(json.loads(form.json[0].value))
    assert plan.base.options == {"batch_size": 16, "epochs": 500}


@pytest.mark.parametrize(
    ("key", "written", "said"),
    [
        ("sweep-range-two-block-dropout", "0.5..0.1", "is no range"),
        ("sweep-range-two-block-dropout", "a..b", "is no number"),
        ("sweep-name", "a/b", "cannot be the name"),
    ],
)
def test_what_makes_no_sense_is_said_and_cannot_be_started(form, key, written, said):
    form.text_input(key=key).set_value(written).run()
    assert not form.exception
    assert said in words_of(form)
    assert form.button(key="sweep-start").disabled


def test_a_recipe_for_levels_cannot_search_on_seven_expressions(form):
    form.selectbox(key="sweep-recipe").select("expressiveness").run()
    assert "is for levels (reserved, balanced, expressive)" in words_of(form)
    assert form.button(key="sweep-start").disabled


def test_a_sweep_without_values_cannot_be_started(form):
    form.multiselect(key="sweep-values-two-block").set_value([]).run()
    assert "needs a hyperparameter to search" in words_of(form)
    assert form.button(key="sweep-start").disabled


def test_a_sweep_shows_its_best_its_trials_and_what_matters(installation, faces):
    page = _visit(record(installation, ended=RunStatus.COMPLETED, seen=SEEN))
    assert not page.exception
    figures = {one.label: one.value for one in page.metric}
    assert figures["Trials"] == "4 of 6"
    assert figures["Best validation accuracy"] == "48.0 %"
    assert (figures["Pruned"], figures["Failed"]) == ("1", "1")
    table = page.dataframe[0].value
    assert list(table["Status"]) == ["completed", "completed", "pruned", "failed"]
    assert list(table["learning rate"]) == [0.001, 0.003, 0.0001, 0.01]


def test_the_best_values_become_the_plan_of_a_full_run(installation, faces):
    folder = record(installation, ended=RunStatus.COMPLETED, seen=SEEN)
    page = _visit(folder)
    page.button(key=f"sweep-best-{folder.id}").click().run()
    plan = TrainingPlan.from_json(json.loads(page.json[0].value))
    assert plan.options == {"learning_rate": 0.003, "dropout": 0.2, "schedule": "plateau"}
    assert (plan.epochs, plan.pictures, plan.makes_model) == (0, 0, True)


def test_a_sweep_that_failed_before_its_first_trial_says_why(installation, faces):
    page = _visit(record(installation, ended=RunStatus.FAILED, seen=None))
    assert not page.exception
    assert "3 trials in a row failed." in words_of(page)
    assert "Metrics appear with the first trial." in words_of(page)


def test_the_history_shows_each_trial_and_the_best_of_the_complete_ones():
    figure = charts.history(SEEN)
    best, completed, pruned, running = figure.data
    assert (list(best.x), list(best.y)) == ([1, 2], [41.0, 48.0])
    assert (list(completed.y), list(pruned.y), list(running.y)) == ([41.0, 48.0], [12.0], [])


def test_each_value_has_an_axis_of_its_own_kind():
    rate, dropout, schedule, accuracy = charts.parallel(SEEN).data[0].dimensions
    assert list(rate.values) == pytest.approx([-3, -2.5229, -4], abs=1e-3)
    assert list(rate.range) == [-4, -2]
    assert rate.ticktext[0] == "0.0001"
    assert list(dropout.values) == [0.1, 0.2, 0.5]
    assert (list(schedule.values), list(schedule.ticktext)) == ([0, 1, 0], ["cosine", "plateau"])
    assert list(accuracy.values) == [41.0, 48.0, 12.0]


def test_what_matters_most_stands_first():
    (bars,) = charts.importance_bars(SEEN.importance).data
    assert list(bars.y) == ["learning rate", "dropout", "schedule"]
    assert list(bars.text) == ["90 %", "8 %", "2 %"]


def test_a_page_that_draws_sweeps_brings_no_optuna():
    code = (
        "import sys; from pages.parts.train.sweeps import form, sweep_view;"
        "assert not {'optuna', 'ray', 'tensorflow'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True)
    assert done.returncode == 0, done.stderr[-500:]
