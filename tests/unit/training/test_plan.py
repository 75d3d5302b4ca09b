"""What a plan may ask for."""

from __future__ import annotations

import pytest

from core.domain.errors import PlanError
from core.training import TrainingPlan


def _plan(tmp_path, **changes):
    return TrainingPlan(**{"recipe": "two-block", "data": str(tmp_path), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": -1},
        {"epochs": 5001},
        {"epochs": 2.5},
        {"epochs": "many"},
        {"seed": -1},
        {"seed": 2**31},
        {"threads": 0},
        {"threads": 10**6},
        {"pictures": -1},
        {"name": "x" * 245},  # its folder could be made, and not the one it is written in
        {"name": "ü" * 120},
        {"name": "two\nlines"},
        {"folds": 1},
        {"folds": 3, "fold": 4},
        {"folds": 3, "pictures": 100},
        {"folds": 3, "options": {"begins_with": "compact-1"}},
        {"name": "../elsewhere"},
        {"name": ".hidden"},
        {"options": ["epochs"]},
        {"options": {"batch_size": 0}},
        {"options": {"batch_size": 12.5}},
        {"options": {"batch_size": True}},
        {"options": {"learning_rate": float("nan")}},
        {"options": {"learning_rate": "fast"}},
        {"options": {"sizes_px": [[0, 1.0]]}},
        {"options": {"sizes_px": [[100_000, 1.0]]}},
        {"options": {"sizes_px": [[48, 2.0], [24, -1.0]]}},
        {"options": {"sizes_px": 48}},
        {"options": {"augmentation": 5}},
        {"data": "/nowhere/at/all"},
        {"data": ""},
        {"dataset": "also one"},
        {"corrections": "some"},
        {"recipe": "magic"},
    ],
)
def test_nonsense_is_refused_with_advice(tmp_path, changes):
    with pytest.raises(PlanError) as caught:
        _plan(tmp_path, **changes)
    assert caught.value.message
    assert caught.value.advice


def test_nonsense_in_a_plan_that_was_written_down_is_refused_too(tmp_path):
    for wrong in ({"epochs": "many"}, {"colour": "red"}, {"options": 3}):
        with pytest.raises(PlanError):
            TrainingPlan.from_json({**_plan(tmp_path).to_json(), **wrong})


def test_a_plan_survives_being_written_down(tmp_path):
    plan = _plan(tmp_path, options={"epochs": 3, "augmentation": {"flip": 0.5}}, name="mine")
    assert TrainingPlan.from_json(plan.to_json()) == plan


def test_one_teacher_may_be_named_alone(tmp_path):
    plan = _plan(tmp_path, options={"teachers": "compact-1"})
    assert plan.chosen_recipe.teachers == ("compact-1",)


def test_only_a_whole_run_of_its_own_makes_a_model(tmp_path):
    assert _plan(tmp_path).makes_model
    assert not _plan(tmp_path, folds=3).makes_model
    assert not _plan(tmp_path, trial_of="a-sweep").makes_model


@pytest.mark.parametrize("name", ["mine", "my model (2)", "näme.v2", "モデル"])
def test_a_model_may_be_called_what_people_call_things(tmp_path, name):
    assert _plan(tmp_path, name=name).name == name
