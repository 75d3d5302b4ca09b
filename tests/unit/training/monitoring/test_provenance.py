"""How a saved model was trained, for whoever reports on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.domain import RecipeUsed
from core.evaluation.comparison.claims import Outcome
from core.jobs.run_folder.folder import create
from core.models.registry import write_card
from core.settings import Settings
from core.training import TrainingPlan
from core.training.monitoring.provenance import recipe_of_card, surroundings_of
from tests.make import BEGAN_AT, make_card


def test_without_its_run_the_recipe_of_that_name_is_used_and_named(settings: Settings) -> None:
    card = replace(make_card(), recipe=RecipeUsed("csv-1-two-blocks", 60, 7))
    told = recipe_of_card(settings, card)
    assert told["taken from"] == "the recipe of that name; the run itself is not here"
    assert told["optimiser"] == "adam"
    assert recipe_of_card(settings, replace(card, recipe=RecipeUsed("unheard of"))) == {}
    assert "changed" not in told
    taught = RecipeUsed("csv-1-two-blocks", 60, 7, {"teachers": ["wide-11"]})
    changed = recipe_of_card(settings, replace(card, recipe=taught))
    assert changed["changed"] == "teachers wide-11"


def test_with_its_run_the_changes_of_the_plan_count(settings: Settings) -> None:
    plan = TrainingPlan("csv-1-two-blocks", dataset="faces", options={"learning_rate": 0.02})
    read = {**plan.to_json(), "data": "/somewhere/fer2013.csv"}
    rng = np.random.default_rng(1)
    folder = create(settings.runs_dir, "train", read, now=BEGAN_AT, rng=rng)
    told = recipe_of_card(settings, replace(make_card(), run_id=folder.id))
    assert told["learning_rate"] == 0.02
    assert "taken from" not in told
    assert "/somewhere" not in str(told), "paths of a machine do not travel"


def test_surroundings_hold_the_claims_that_the_recipe_repeats(settings: Settings) -> None:
    card = replace(make_card(), recipe=RecipeUsed("csv-1-two-blocks", 60, 7))
    (settings.models_dir / card.name).mkdir(parents=True)
    write_card(settings.models_dir / card.name, card)
    around = surroundings_of(settings, card.name, now=BEGAN_AT)
    assert around.made_at == "2026-11-21T12:00:00+00:00"
    (claim,) = [one for one in around.claims if one.claim.recipe == "csv-1-two-blocks"]
    assert claim.outcome is Outcome.REPRODUCED
