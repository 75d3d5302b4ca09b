"""Warm starts: which models fit, and the note on the card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain import CONFIDENT2, FER7, RecipeUsed
from core.domain.errors import DamagedModel, ModelError, PlanError
from core.models import KERAS_FILE, save
from core.settings import PROJECT_DIR, Settings
from core.training import TrainingPlan, recipe_named
from core.training.inputs.training_data import load_training_data
from core.training.inputs.warm_start import fine_tunable, fine_tuning_from, load_warm_start
from tests.datasets_on_disk import make_pictures, write_csv
from tests.make import make_card

SHIPPED = PROJECT_DIR / "models"
OURS = recipe_named("compact-residual").changed({"begins_with": "compact-1"})


def test_only_models_of_the_recipes_own_network_can_be_fine_tuned():
    ours = replace(make_card("ours"), recipe=RecipeUsed("compact-residual", 60, 7))
    whole = replace(ours, files={KERAS_FILE: "x"})
    others = [
        ours,
        replace(whole, recipe=RecipeUsed("five-block", 60, 7)),
        replace(whole, recipe=None),
    ]
    assert fine_tunable([*others, whole], OURS) == [whole]


def test_fine_tuning_uses_a_lower_rate_and_full_size_pictures():
    recipe = recipe_named("compact-residual")
    options = fine_tuning_from("compact-1", recipe)
    assert options["learning_rate"] == pytest.approx(recipe.learning_rate / 10)
    begun = recipe.changed(options)
    assert (begun.begins_with, begun.sizes_px) == ("compact-1", ((48, 1.0),))
    assert "sizes_px" not in fine_tuning_from("small", recipe_named("two-block"))
    assert fine_tuning_from("", recipe) == {}


def test_a_model_of_the_same_classes_keeps_its_answers():
    found = load_warm_start(SHIPPED, "compact-1", FER7)
    assert (found.model, found.keeps_last_layer) == ("compact-1", True)
    assert found.file.name == KERAS_FILE
    assert not load_warm_start(SHIPPED, "compact-1", CONFIDENT2).keeps_last_layer


def test_a_model_without_weights_is_refused_with_one_sentence(tmp_path):
    with pytest.raises(ModelError, match="compact-1"):
        load_warm_start(tmp_path, "compact-1", FER7)
    save(tmp_path, make_card("compact-1"), {})
    with pytest.raises(PlanError, match="compact-1 has no Keras file"):
        load_warm_start(tmp_path, "compact-1", FER7)
    file = tmp_path / "made.keras"
    file.write_bytes(b"whole")
    save(tmp_path, make_card("other"), {KERAS_FILE: file})
    (tmp_path / "other" / KERAS_FILE).write_bytes(b"torn")
    with pytest.raises(DamagedModel):
        load_warm_start(tmp_path, "other", FER7)


def test_the_card_names_its_initial_weights(tmp_path):
    file = str(write_csv(tmp_path / "fer2013.csv", make_pictures()))
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(tmp_path / "data")})
    settings = replace(settings, models_dir=SHIPPED)
    options = {"begins_with": "compact-1", "batch_size": 16}
    plan = TrainingPlan("compact-residual", data=file, options=options)
    said = load_training_data(plan, settings).notes[-1]
    assert (
        "Warm start from compact-1, which was trained on FER2013 Training, 28,709 pictures" in said
    )
    # Deleted since the run began: it goes on, as its checkpoint holds all it needs.
    gone = load_training_data(replace(plan, options={**options, "begins_with": "gone"}), settings)
    assert "Warm start from gone, which was trained on pictures that" in gone.notes[-1]
