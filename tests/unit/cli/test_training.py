"""A training as a person types it; nothing is started."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from core.cli import training
from core.cli.app import app
from core.training import TrainingPlan
from tests.datasets_on_disk import make_pictures, write_csv


@pytest.fixture
def planned(monkeypatch, settings, tmp_path):
    """What is typed -> the plan that would be run, on a few pictures."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    asked = []
    monkeypatch.setattr(training, "start_and_follow", lambda kind, plan: asked.append(plan))
    words = ("train", "--recipe", "compact-residual", "--data")
    file = str(write_csv(tmp_path / "few.csv", make_pictures()))

    def plan(*more):
        done = CliRunner().invoke(app, [*words, file, *more])
        assert done.exit_code == 0, done.output
        return TrainingPlan.from_json(asked[-1])

    return plan


def test_a_recipe_is_unchanged_without_options(planned):
    assert planned().options == {}


def test_fine_tuning_uses_a_low_learning_rate_by_default(planned):
    recipe = planned("--fine-tune-from", "compact-1", "--small-data").chosen_recipe
    assert (recipe.begins_with, recipe.sizes_px) == ("compact-1", ((48, 1.0),))
    assert recipe.learning_rate == pytest.approx(3e-4)
    assert recipe.batch_size < 128
    told = planned("--fine-tune-from", "compact-1", "--set", "learning_rate=0.01").chosen_recipe
    assert told.learning_rate == 0.01


def test_earlier_names_of_options_still_work_and_help_shows_only_the_new(planned, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    now = planned("--fine-tune-from", "compact-1", "--small-data", "--cluster", "auto")
    assert planned("--begin-with", "compact-1", "--fit", "--on", "auto") == now
    for command in ("train", "sweep"):
        shown = CliRunner().invoke(app, [command, "--help"]).output
        assert "--small-data" in shown
        assert "--cluster" in shown
        assert not {"--fit", "--on", "--begin-with"} & set(shown.split())


def test_seven_expressions_are_refused_to_a_recipe_for_levels_before_a_run_is_made(
    monkeypatch, settings, tmp_path
):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    monkeypatch.setenv("COLUMNS", "200")
    file = str(write_csv(tmp_path / "few.csv", make_pictures()))
    for words in (("train",), ("sweep", "--search", "dropout")):
        asked = (*words, "--recipe", "expressiveness", "--data", file)
        done = CliRunner().invoke(app, asked)
        assert done.exit_code == 2
        assert "is for levels (reserved, balanced, expressive)" in " ".join(done.output.split())
        assert not settings.runs_dir.exists() or not list(settings.runs_dir.iterdir())
