"""Sweeps as a person types them; nothing is started."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from core.cli import sweeps
from core.cli.app import app
from core.training import TrainingPlan
from core.training.sweeps import SweepPlan
from core.training.sweeps.study import Study
from tests.datasets_on_disk import make_pictures, write_csv


@pytest.fixture
def type_words(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def started(monkeypatch):
    """Runs are not started but remembered."""
    suggestion = []

    def remember(kind, plan):
        suggestion.append((kind, SweepPlan.from_json(plan)))
        return {"recipe_file": "somewhere.toml"}

    monkeypatch.setattr(sweeps, "start_and_follow", remember)
    return suggestion


def test_what_is_typed_is_what_is_searched(type_words, started, tmp_path):
    done = type_words(
        *("sweep", "--recipe", "two-block", "--data", tmp_path, "--trials", 4, "--epochs", 2),
        *("--search", "learning_rate=1e-4..1e-2:log", "--search", "dropout"),
        *("--name", "shared", "--parallel", 2, "--cluster", "ray://host:10001", "--set", "ema=0.9"),
    )
    assert done.exit_code == 0, done.output
    ((kind, plan),) = started
    assert kind == "sweep"
    assert plan.search == {"learning_rate": "1e-4..1e-2:log", "dropout": "0..0.5"}
    assert (plan.trials, plan.name, plan.parallel) == (4, "shared", 2)
    assert (plan.base.epochs, plan.base.cluster) == (2, "ray://host:10001")
    assert plan.base.options == {"ema": 0.9}
    assert "somewhere.toml" in done.output


def test_a_sweep_of_few_pictures_can_be_fitted_to_them(type_words, started, tmp_path):
    path = write_csv(tmp_path / "few.csv", make_pictures())
    words = ("sweep", "--recipe", "two-block", "--data", path, "--search", "dropout")
    for done in (type_words(*words), type_words(*words, "--small-data", "--set", "batch_size=8")):
        assert done.exit_code == 0, done.output
    (_, plain), (_, fit) = started
    assert plain.base.options == {}
    assert fit.base.options == {"batch_size": 8, "epochs": fit.base.chosen_epochs}
    assert fit.base.chosen_epochs > plain.base.chosen_epochs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "needs a recipe"),
        (("--recipe", "two-block"), "needs a dataset"),
        (("--recipe", "two-block", "--data", "."), "needs a hyperparameter to search"),
        (("--recipe", "two-block", "--data", ".", "--search", "patience"), "no default range"),
        (("--recipe", "two-block", "--data", ".", "--search", "x=1..2"), "cannot be searched"),
        (("--recipe", "nobodys", "--data", ".", "--search", "dropout"), "no recipe 'nobodys'"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(type_words, started, words, said):
    done = type_words("sweep", *words)
    assert (done.exit_code, started) == (2, [])
    assert said in done.output


def test_a_sweep_is_listed_and_shown_with_the_command_for_a_full_run(
    type_words, settings, tmp_path
):
    base = TrainingPlan("two-block", data=str(tmp_path), epochs=2)
    plan = SweepPlan(base, {"dropout": "0.1,0.3"}, trials=3, name="mine")
    with Study.open(settings.database_url, plan) as study:
        best, failed = study.ask("run"), study.ask("run")
        study.report(best, 1, 0.4)
        study.complete(best, 0.4321, "these")
        study.fail(failed, "The disk is full.")
    assert "mine  two-block  2/3 trials" in type_words("sweep", "list").output
    shown = type_words("sweep", "show", "mine").output
    assert "43.2 %" in shown
    assert "The disk is full." in shown
    assert f"--recipe two-block --data DATASET --set dropout={best.values['dropout']}" in shown
    unknown = type_words("sweep", "show", "other")
    assert unknown.exit_code == 2
    assert "There are: mine." in unknown.output


def test_the_usual_ranges_are_listed_with_their_reasons(type_words):
    listed = type_words("sweep", "ranges", "two-block").output
    assert "learning_rate=0.0002..0.01:log  The most important" in listed


def test_other_commands_bring_neither_optuna_nor_ray():
    code = "import core.cli.sweeps, sys; assert not {'optuna', 'ray'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
