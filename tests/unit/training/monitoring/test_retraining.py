"""The training that a drift report proposes."""

from __future__ import annotations

from dataclasses import replace

from core.domain import RecipeUsed
from core.models import KERAS_FILE
from core.training.monitoring.retraining import RECIPE, retraining_plan
from tests.make import make_card


def test_it_fine_tunes_the_model_that_read_what_has_moved():
    card = replace(make_card("small", files={KERAS_FILE: "0" * 64}), recipe=RecipeUsed(RECIPE))
    plan = retraining_plan("faces", model="small", cards=[card])
    assert (plan.recipe, plan.dataset) == (RECIPE, "faces")
    assert plan.options["begins_with"] == "small"
    assert (
        plan.chosen_recipe.learning_rate
        < retraining_plan("faces", model="", cards=[card]).chosen_recipe.learning_rate
    )


def test_a_model_of_another_network_gives_no_warm_start():
    card = make_card("small", files={KERAS_FILE: "0" * 64})
    card = replace(card, recipe=RecipeUsed("csv-1-two-blocks"))
    assert "begins_with" not in retraining_plan("faces", model="small", cards=[card]).options
    assert "begins_with" not in retraining_plan("faces", model="gone", cards=[]).options


def test_the_corrections_of_the_dataset_are_taken_up():
    assert retraining_plan("faces", model="", cards=[], corrections="k").corrections == "k"
