"""Ranges as people write them, and what makes no sense."""

from __future__ import annotations

import pytest

from core.domain.errors import PlanError
from core.training import RECIPES
from core.training.sweeps import Between, OneOf, default_ranges, range_from, values_of
from core.training.sweeps.search_space import as_options

RECIPE = RECIPES["two-block"]


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("learning_rate", "1e-4..1e-2:log", Between(1e-4, 1e-2, log=True)),
        ("dropout", " 0..0.5 ", Between(0.0, 0.5)),
        ("batch_size", "16..256:log", Between(16, 256, log=True, whole=True)),
        ("batch_size", "32,64", OneOf((32, 64))),
        ("dropout", "0.1,0.3,0.3,0.5", OneOf((0.1, 0.3, 0.5))),
        ("schedule", "cosine, plateau", OneOf(("cosine", "plateau"))),
        ("augmentation.rotation_deg", "0..22.5", Between(0.0, 22.5)),
    ],
)
def test_a_range_is_read_as_it_is_written(name, written, meant):
    found = range_from(written, name, RECIPE)
    assert found == meant
    assert range_from(str(found), name, RECIPE) == meant


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("title", "a,b", "cannot be searched"),
        ("nonsense", "1..2", "cannot be searched"),
        ("dropout", "0.5..0.1", "is no range"),
        ("learning_rate", "0..1:log", "is no range"),
        ("dropout", "0.3", "leaves nothing to search"),
        ("dropout", "0.3,0.3", "leaves nothing to search"),
        ("dropout", "", "leaves nothing to search"),
        ("dropout", "low..high", "is no number"),
        ("dropout", "nan..0.5", "is no range"),
        ("dropout", "0..2", "out of range"),
        ("dropout", "0..inf", "out of range"),
        ("batch_size", "16.5..64", "is no whole number"),
        ("schedule", "1..2", "takes words"),
        ("schedule", "cosine,hyperbolic", "cannot be used"),
        ("network", "two_block,of_dreams", "no network of_dreams"),
        ("augmentation.flip", "0..1.5", "out of range"),
    ],
)
def test_what_makes_no_sense_is_said_with_advice(name, written, said):
    with pytest.raises(PlanError, match=said) as error:
        range_from(written, name, RECIPE)
    assert error.value.advice


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_every_usual_range_fits_every_recipe(recipe):
    for name, usual in default_ranges(recipe).items():
        range_from(usual.range, name, recipe)
        assert usual.why.endswith(".")


def test_what_can_be_searched_has_a_usual_range_or_a_reason_not_to():
    rest = set(values_of(RECIPE)) - set(default_ranges(RECIPE))
    ends_runs = {"patience", "stops_after", "target_accuracy"}
    two_phases = {"frozen", "tuning_rate"}  # of published networks only
    assert two_phases <= set(default_ranges(RECIPES["efficientnet"]))
    assert rest == ends_runs | two_phases | {
        "votes",
        "teaching",
        "teaching_temperature",
        "teachers_see",
    }


def test_values_become_options_with_augmentation_in_a_table_of_its_own():
    options = as_options({"dropout": 0.1, "augmentation.flip": 0.5, "augmentation.scale": 0.2})
    assert options == {"dropout": 0.1, "augmentation": {"flip": 0.5, "scale": 0.2}}
    assert RECIPE.changed(options).augmentation.scale == 0.2


def test_a_sweep_made_before_a_network_was_replaced_can_still_be_read():
    recipe = RECIPES["two-block"]
    found = range_from("two_block,three_blocks_dense", "network", recipe)
    assert "three_blocks_dense" not in {one.network for one in RECIPES.values()}
    assert found == OneOf(("two_block", "three_blocks_dense"))
