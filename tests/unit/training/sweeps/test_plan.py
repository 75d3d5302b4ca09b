"""Plans of sweeps."""

from __future__ import annotations

import json
import tomllib

import pytest

from core.domain.errors import PlanError
from core.domain.plain_values import from_plain, to_plain
from core.training import RECIPES, TrainingPlan
from core.training.recipes import recipe_from
from core.training.sweeps import SweepPlan, SweepSummary, TrialState, TrialSummary, recipe_as_toml


@pytest.fixture
def base(tmp_path):
    return TrainingPlan(
        recipe="two-block",
        data=str(tmp_path),
        epochs=3,
        pictures=100,
        options={"ema": 0.5, "augmentation": {"flip": 0.1}},
    )


def test_a_plan_survives_json(base):
    plan = SweepPlan(base, {"dropout": "0..0.5"}, trials=3, name="mine", parallel=2)
    assert SweepPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"search": {}}, "needs a hyperparameter to search"),
        ({"search": {"dropout": "0..3"}}, "out of range"),
        ({"trials": 0}, "out of range"),
        ({"parallel": 0}, "out of range"),
        ({"pruner": "scissors"}, "scissors"),
        ({"name": "a/b"}, "cannot be the name"),
        ({"name": ".."}, "cannot be the name"),
        ({"name": "x" * 101}, "cannot be the name"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(base, changes, said):
    with pytest.raises(PlanError, match=said) as error:
        SweepPlan(**{"base": base, "search": {"dropout": "0..0.5"}, **changes})
    assert error.value.advice


def test_folds_and_trials_cannot_be_swept(base):
    for changes in ({"folds": 3, "pictures": 0}, {"trial_of": "another"}):
        with pytest.raises(PlanError, match="whole runs"):
            SweepPlan(TrainingPlan(**{**vars(base), **changes}), {"dropout": "0..0.5"})


def test_a_trial_changes_only_what_is_searched(base):
    plan = SweepPlan(base, {"dropout": "0..0.5", "augmentation.scale": "0..0.3"})
    trial = plan.trial_plan({"dropout": 0.2, "augmentation.scale": 0.1}, sweep="run", number=4)
    assert trial.options == {
        "ema": 0.5,
        "dropout": 0.2,
        "augmentation": {"flip": 0.1, "scale": 0.1},
    }
    assert (trial.trial_of, trial.trial, trial.epochs, trial.pictures) == ("run", 4, 3, 100)
    assert not trial.makes_model


def test_a_full_run_takes_all_epochs_and_pictures_and_makes_a_model(base):
    full = SweepPlan(base, {"dropout": "0..0.5"}).full_plan({"dropout": 0.2})
    assert (full.chosen_epochs, full.pictures) == (RECIPES["two-block"].epochs, 0)
    assert full.makes_model
    assert full.chosen_recipe.dropout == 0.2


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_a_recipe_written_as_toml_is_read_back_the_same(recipe):
    text = recipe_as_toml(recipe, comes_from="a test")
    read = recipe_from({"name": recipe.name, **tomllib.loads(text)})
    assert (read.comes_from, read.reported) == ("a test", "")
    theirs = {"comes_from", "reported", "claims"}
    assert {
        (name, str(value)) for name, value in to_plain(recipe).items() if name not in theirs
    } <= {(name, str(value)) for name, value in to_plain(read).items()}


def test_what_is_seen_of_a_sweep_survives_json():
    trials = (
        TrialSummary(1, TrialState.COMPLETED, {"dropout": 0.1}, 0.4, (0.2, 0.4), "run-1"),
        TrialSummary(2, TrialState.FAILED, {"dropout": 0.2}, why="The disk is full."),
        TrialSummary(3, TrialState.COMPLETED, {"dropout": 0.3}, 0.4, (0.4,), "run-3"),
        TrialSummary(4, TrialState.PRUNED, {"dropout": 0.4}, 0.9, (0.9,), "run-4"),
    )
    seen = SweepSummary("mine", "two-block", 2, 4, {"dropout": "0..0.5"}, trials, {"dropout": 1.0})
    assert from_plain(SweepSummary, json.loads(json.dumps(to_plain(seen)))) == seen
    assert seen.best == trials[0]
    assert seen.count(TrialState.FAILED) == 1
