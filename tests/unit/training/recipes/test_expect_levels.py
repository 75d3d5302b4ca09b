from __future__ import annotations

import pytest

from core.domain import EXPRESSIVENESS3, FER7
from core.domain.errors import PlanError
from core.training.inputs.training_data import expect_levels
from core.training.recipes import recipe_named


def test_seven_expressions_are_refused_to_the_recipe_for_levels():
    with pytest.raises(
        PlanError, match=r"reserved, balanced, expressive.*seven expressions"
    ) as told:
        expect_levels(recipe_named("expressiveness"), FER7, "small")
    assert "another recipe" in told.value.advice


def test_it_accepts_levels_and_other_recipes_accept_expressions():
    expect_levels(recipe_named("expressiveness"), EXPRESSIVENESS3, "interviews")
    expect_levels(recipe_named("compact-residual"), FER7, "small")
