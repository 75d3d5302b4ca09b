"""One table says what a recipe may hold, and what the form offers of it."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from core.domain.errors import PlanError
from core.training import Recipe, TrainingPlan, recipe_named
from core.training.recipes import Augmentation, limits_of
from core.training.recipes.limits import AUGMENTATION_LIMITS, RECIPE_LIMITS, SIZE_LIMITS

RECIPE = recipe_named("compact-residual")


def _options(name, value):
    """A plan's options with one number."""
    if name == "size_px":
        return {"sizes_px": [[value, 1.0]]}
    return {"augmentation": {name: value}} if name in AUGMENTATION_LIMITS else {name: value}


def _ends():
    """Every end of every number's limits that is valid, inside the form or not."""
    for name, limits in {**RECIPE_LIMITS, **AUGMENTATION_LIMITS, "size_px": SIZE_LIMITS}.items():
        yield name, limits.least
        yield name, limits.most * 0.99 if limits.most_is_excluded else limits.most


@pytest.mark.parametrize(("name", "value"), [*_ends()])
def test_a_plan_with_a_number_at_the_end_of_its_limits_is_read_as_it_was_written(
    name, value, tmp_path
):
    plan = TrainingPlan("compact-residual", data=str(tmp_path), options=_options(name, value))
    assert TrainingPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 10.0},
        {"learning_rate": 1e-8},
        {"ema": 0.99999},
        {"sizes_px": [[8, 0.5], [512, 0.5]]},
        {"augmentation": {"rotation_deg": 180.0, "scale": 0.99, "mixup_alpha": 0.99}},
    ],
)
def test_a_plan_that_was_stored_beyond_the_forms_limits_still_opens(options, tmp_path):
    stored = {"recipe": "compact-residual", "data": str(tmp_path), "options": options}
    assert TrainingPlan.from_json(stored).chosen_recipe == RECIPE.changed(options)


@pytest.mark.parametrize("name", [*RECIPE_LIMITS, *AUGMENTATION_LIMITS, "size_px"])
def test_the_form_offers_nothing_that_is_not_read(name):
    limits = limits_of(name)
    for end in limits.form or ():
        assert limits.allows(end)


@pytest.mark.parametrize("name", [*RECIPE_LIMITS, *AUGMENTATION_LIMITS, "size_px"])
def test_a_number_beyond_its_limits_is_refused(name):
    limits = limits_of(name)
    for value in (limits.least - 1, limits.most + 1):
        with pytest.raises(PlanError, match="out of range"):
            RECIPE.changed(_options(name, value))


def test_every_number_of_a_recipe_has_limits():
    numbers = {one.name for one in fields(Recipe) if one.type in {"int", "float"}}
    assert numbers == set(RECIPE_LIMITS)
    assert {one.name for one in fields(Augmentation)} == set(AUGMENTATION_LIMITS)


def test_whole_numbers_are_those_that_a_recipe_has_as_such():
    whole = {one.name for one in fields(Recipe) if one.type == "int"}
    assert whole == {name for name, limits in RECIPE_LIMITS.items() if limits.is_whole}


def test_the_form_of_a_recipe_that_is_beyond_it_goes_as_far_as_the_recipe():
    limits = limits_of("learning_rate")
    assert limits.form == limits.in_form(RECIPE.learning_rate) == (1e-6, 1.0)
    assert limits.in_form(replace(RECIPE, learning_rate=5.0).learning_rate) == (1e-6, 5.0)
    assert limits.in_form(1e-8) == (1e-8, 1.0)
