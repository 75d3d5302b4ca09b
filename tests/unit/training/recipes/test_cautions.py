"""Settings a run is likely to fail with, and models no better than chance: said, and kept."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.domain import FER7
from core.settings import Settings
from core.training import RECIPES, TrainingPlan
from core.training.inputs.training_data import load_training_data
from core.training.recipes.cautions import chance_level_note, rate_note
from core.training.trainer.build_card import no_better_than_chance
from tests.datasets_on_disk import make_pictures, write_csv
from tests.make import make_dataset

CLASSES = ("angry", "happy", "sad")


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_a_rate_far_above_the_recipes_own_is_warned_of_and_its_own_is_not(recipe):
    assert rate_note(recipe, recipe) == ""
    assert rate_note(recipe.changed({"learning_rate": recipe.learning_rate / 10}), recipe) == ""
    said = rate_note(recipe.changed({"learning_rate": 10}), recipe)
    assert f"The learning rate is 10; {recipe.name} has {recipe.learning_rate:g}" in said


def test_run_and_card_name_the_rate_and_the_classes_that_are_empty(tmp_path):
    pictures = [one for one in make_pictures() if one.label not in {"disgust", "fear"}]
    file = str(write_csv(tmp_path / "fer2013.csv", pictures))
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(tmp_path / "data")})
    asked = {"batch_size": 16, "balance": "class-weights", "learning_rate": 10.0}
    notes = load_training_data(TrainingPlan("two-block", data=file, options=asked), settings).notes
    assert any("The learning rate is 10" in one for one in notes)
    no_effect = "class weights have no effect on such a class."
    assert f"Training has no picture of disgust, fear: {no_effect}" in notes
    assert (
        "Training has no picture of disgust, fear: the model cannot predict such a class." in notes
    )


def test_a_model_that_predicts_one_class_is_reported_as_no_better_than_chance():
    labels = np.array([0] * 20 + [1] * 30 + [2] * 10)
    said = chance_level_note(np.eye(3)[np.full(60, 1)], labels, CLASSES, "PrivateTest")
    assert said == (
        "The model is no better than chance: its accuracy is 50.0 % on 60 pictures of "
        "PrivateTest, and always predicting happy would have 50.0 %. It predicts happy for every "
        "picture."
    )


def test_guessing_is_distinguished_from_learning():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 3, 300)
    guessed = np.eye(3)[rng.integers(0, 3, 300)]
    assert "no better than chance" in chance_level_note(guessed, labels, CLASSES, "Test")
    half = np.where(rng.random(300) < 0.5, labels, rng.integers(0, 3, 300))
    assert chance_level_note(np.eye(3)[half], labels, CLASSES, "Test") == ""


def test_a_model_that_recognises_rare_classes_is_better_than_chance_below_the_majority_rate():
    labels = np.array([0] * 90 + [1] * 10 + [2] * 10)
    said = labels.copy()
    said[:60] = 1  # 50 of 110 right; always angry would be right on 90
    assert chance_level_note(np.eye(3)[said], labels, CLASSES, "Test") == ""


def test_unseen_pictures_decide():
    dataset = make_dataset({name: list(range(7)) * 9 for name in ("Training", "Held", "Test")})
    judged = dataset[dataset.required_protocol.test]
    right, wrong = np.eye(7)[judged.labels], np.eye(7)[np.zeros(len(judged), int)]
    validation, test = dataset.required_protocol.validation, dataset.required_protocol.test
    assert (
        no_better_than_chance(dataset, SimpleNamespace(logits={validation: wrong, test: right}))
        == ""
    )
    told = no_better_than_chance(dataset, SimpleNamespace(logits={validation: right, test: wrong}))
    assert f"It predicts {FER7.labels[0]} for every picture." in told
