"""The form that changes a recipe for one run."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from core.training.recipes import limits_of
from pages.parts.train.new_run import recipe_fields


def form_of_a_recipe_beyond_its_limits() -> None:
    import streamlit as st

    from core.domain import FER7
    from core.training import recipe_named
    from pages.parts.train.new_run.recipe_form import draw_options

    options = {
        "learning_rate": 5.0,
        "ema": 0.99999,
        "sizes_px": [[300, 1.0]],
        "augmentation": {"rotation_deg": 90.0, "scale": 0.95},
    }
    recipe = recipe_named("two-block").changed(options)
    st.json(draw_options(recipe, [FER7], has_votes=False))


def test_a_recipe_beyond_the_forms_limits_is_shown_as_it_is_and_not_changed(
    installation: Settings,
) -> None:
    page = AppTest.from_function(form_of_a_recipe_beyond_its_limits, default_timeout=20).run()
    assert not page.exception
    shown = {one.label: one.value for one in page.number_input}
    assert shown["Learning rate"] == 5.0
    assert shown["Final size (px)"] == 300
    assert shown["Rotation (degrees)"] == 90.0
    assert page.json[0].value == "{}"


def form_of_a_recipe_with_a_target() -> None:
    import streamlit as st

    from core.domain import FER7
    from core.training import recipe_named
    from pages.parts.train.new_run.recipe_form import draw_options

    recipe = recipe_named("two-block").changed({"target_accuracy": 0.555})
    st.json(draw_options(recipe, [FER7], has_votes=False))


def test_a_target_accuracy_is_percent_on_screen_and_a_fraction_in_the_recipe(
    installation: Settings,
) -> None:
    page = AppTest.from_function(form_of_a_recipe_with_a_target, default_timeout=20).run()
    (target,) = [one for one in page.number_input if one.label == "Target accuracy (%)"]
    assert (target.value, target.max) == (55.5, 100.0)
    assert page.json[0].value == "{}"
    target.set_value(70.0).run()
    assert json.loads(page.json[0].value) == {"target_accuracy": 0.7}


@pytest.mark.parametrize(
    "group", ["OPTIMISATION", "REGULARISATION", "FINE_TUNING", "AUGMENTATION", "DISTILLATION"]
)
def test_every_number_of_the_form_has_limits(group: str) -> None:
    numbers = [one.name for one in getattr(recipe_fields, group) if one.enum is None]
    assert numbers
    assert all(limits_of(name) for name in numbers)
