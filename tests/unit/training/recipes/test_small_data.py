from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.settings import Settings
from core.training import RECIPES, TrainingPlan, recipe_named
from core.training.inputs.training_data import load_training_data, small_data_plan
from core.training.recipes.small_data import (
    ENOUGH_STEPS,
    few_steps_note,
    small_data_options,
    total_steps,
)
from tests.datasets_on_disk import make_pictures, write_csv


@pytest.mark.parametrize("name", list(RECIPES))
def test_with_as_many_pictures_as_it_is_made_for_a_recipe_stays_as_it_is(name):
    assert small_data_options(recipe_named(name), 25_000) == {}
    assert few_steps_note(recipe_named(name), 25_000) == ""


@pytest.mark.parametrize("name", list(RECIPES))
@pytest.mark.parametrize("pictures", [60, 84, 280, 700, 1500])
def test_with_few_pictures_every_recipe_takes_enough_steps(name, pictures):
    recipe = recipe_named(name)
    better = recipe.changed(small_data_options(recipe, pictures))
    assert total_steps(better, pictures) >= ENOUGH_STEPS
    assert better.batch_size <= recipe.batch_size
    assert better.epochs >= recipe.epochs


def test_what_is_counted_in_epochs_grows_with_them():
    recipe = recipe_named("csv-4-vgg-dropout")  # 60 epochs, patience 4, stops after 10
    found = small_data_options(recipe, 84)
    assert found == {"batch_size": 16, "epochs": 300, "patience": 20, "stops_after": 50}


def test_fitted_once_it_fits():
    recipe = recipe_named("two-block")
    assert small_data_options(recipe.changed(small_data_options(recipe, 280)), 280) == {}


def test_no_run_is_made_endless():
    recipe = recipe_named("two-block")
    assert small_data_options(recipe, 17) == {"batch_size": 16, "epochs": 500}
    assert small_data_options(recipe.changed(small_data_options(recipe, 17)), 17) == {}
    assert small_data_options(recipe, 0) == {}


@given(
    st.sampled_from(list(RECIPES)),
    st.integers(1, 100_000),
    st.integers(1, 300),
    st.booleans(),
)
@example("mini-xception", 78, 1, False)  # its patience came to 4000
@example("csv-1-two-blocks", 78, 2, False)
@example("two-block", 5, 1, False)  # fewer pictures than the smallest batch
def test_advice_about_few_pictures_can_always_be_taken(name, pictures, epochs, keeps):
    recipe = recipe_named(name).changed({"epochs": epochs})
    better = recipe.changed(small_data_options(recipe, pictures, keep_batch_size=keeps))
    assert total_steps(better, pictures) >= total_steps(recipe, pictures)
    assert better.patience <= max(better.epochs, recipe.patience)
    assert keeps or pictures < recipe.batch_size or better.batch_size <= pictures
    assert isinstance(few_steps_note(recipe, pictures), str)


def test_too_few_steps_give_a_warning_and_advice():
    said = few_steps_note(recipe_named("two-block"), 280)
    assert "280 pictures with batch size 128 give 24 steps in 12 epochs" in said
    assert "batch size 16 for 89 epochs give 1,513" in said


def test_a_short_run_on_many_pictures_is_no_trouble():
    assert few_steps_note(recipe_named("two-block").changed({"epochs": 3}), 28_709) == ""


def test_the_note_stays_with_the_model_but_trials_are_short_on_purpose(tmp_path):
    file = str(write_csv(tmp_path / "fer2013.csv", make_pictures()))
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(tmp_path / "data")})
    plan = TrainingPlan("two-block", data=file, options={"batch_size": 32})
    assert "give 24 steps" in load_training_data(plan, settings).notes[-1]
    trial = replace(plan, trial_of="a-sweep", trial=1)
    assert not [note for note in load_training_data(trial, settings).notes if "steps" in note]


def test_a_plan_is_adapted_to_its_pictures_and_keeps_its_own_options(tmp_path):
    file = str(write_csv(tmp_path / "fer2013.csv", make_pictures()))
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(tmp_path / "data")})

    def options(**asked):
        return dict(
            small_data_plan(TrainingPlan("two-block", data=file, **asked), settings).options
        )

    assert options() == {"batch_size": 16, "epochs": 300}
    assert options(pictures=40) == {"batch_size": 16, "epochs": 500}
    assert options(options={"batch_size": 32}) == {"batch_size": 32, "epochs": 500}
    assert options(options={"epochs": 7, "dropout": 0.3}) == {
        "batch_size": 16,
        "epochs": 7,
        "dropout": 0.3,
    }
