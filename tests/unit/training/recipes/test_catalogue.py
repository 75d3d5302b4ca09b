"""Recipes as files, and changing them."""

from __future__ import annotations

import pytest

from core.domain.errors import PlanError
from core.domain.plain_values import to_plain
from core.training import RECIPES, options_from, recipe_named
from core.training.recipes import Balance, Optimiser, Schedule, recipe_from

FIVE_SYSTEMS = {
    "Confident or Stressed",
    "Learner engagement",
    "Seven emotions from CSV",
    "Expressiveness in interviews",
    "Multi-face webcam",
}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
def test_a_recipe_survives_becoming_plain_values(recipe):
    assert recipe_from(to_plain(recipe)) == recipe


def test_every_system_that_is_replaced_has_its_recipe():
    whose = {recipe.comes_from.casefold() for recipe in RECIPES.values()}
    for system in FIVE_SYSTEMS:
        assert any(system.casefold() in one for one in whose), system


def test_the_ladder_of_networks_is_whole():
    assert len([name for name in RECIPES if name.startswith("csv-")]) == 6


def test_an_unknown_recipe_names_those_there_are():
    with pytest.raises(PlanError, match="no recipe 'none'") as caught:
        recipe_named("none")
    assert "compact-residual" in caught.value.advice


def test_a_value_can_be_changed_for_one_run_and_the_others_stay():
    recipe = recipe_named("compact-residual").changed(
        {"epochs": 3, "optimiser": "sgd", "augmentation": {"erasing": 0.0}}
    )
    assert (recipe.epochs, recipe.optimiser) == (3, Optimiser.SGD)
    assert recipe.augmentation.erasing == 0.0
    assert recipe.augmentation.rotation_deg == 15
    assert recipe.schedule is Schedule.COSINE


@pytest.mark.parametrize(
    "options",
    [
        {"epochs": 0},
        {"learning_rate": -1.0},
        {"dropout": 1.5},
        {"optimiser": "magic"},
        {"colour": "red"},
        {"augmentation": {"erasing": 2.0}},
        {"augmentation": {"blink": 0.5}},
        {"sizes_px": [[48, 0.5]]},
        {"epochs": "many"},
        {"sizes_px": [[float("inf"), 1.0]]},
        {"sizes_px": [[48, float("nan")]]},
        {"name": float("nan")},
        {"title": 3},
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_advice(options):
    with pytest.raises(PlanError) as caught:
        recipe_named("two-block").changed(options)
    assert caught.value.advice


@pytest.mark.parametrize("read", ["two-block", ["two-block"], 3, None])
def test_a_recipe_that_is_no_table_is_refused_with_advice(read):
    with pytest.raises(PlanError, match="table") as caught:
        recipe_from(read)
    assert caught.value.advice


def test_changes_are_written_as_people_write_them():
    written = ["epochs=3", "learning_rate = 1e-3", "balance=sampling", "augmentation.flip=0.5"]
    written.append("augmentation.erasing=0")
    options = options_from(written)
    assert options["augmentation"] == {"flip": 0.5, "erasing": 0}
    recipe = recipe_named("two-block").changed(options)
    assert (recipe.epochs, recipe.learning_rate, recipe.balance) == (3, 1e-3, Balance.SAMPLING)


@pytest.mark.parametrize("written", ["epochs", "=3", "a b=3"])
def test_what_is_no_change_is_refused(written):
    with pytest.raises(PlanError, match="is no option"):
        options_from([written])


def test_sizes_follow_their_shares():
    recipe = recipe_named("compact-residual")
    assert [recipe.size_at(epoch, 20) for epoch in (0, 6, 7, 13, 14, 19)] == [
        32,
        32,
        40,
        40,
        48,
        48,
    ]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
def test_a_recipe_says_what_it_is_good_for(recipe):
    assert recipe.good_for.endswith(".")
    assert len(recipe.good_for) <= 100
