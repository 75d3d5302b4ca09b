"""The form that changes a recipe's options for one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.domain import LabelScheme
from core.domain.plain_values import to_plain
from core.training import Recipe
from core.training.recipes import limits_of
from pages.parts.shell import cached, theme
from pages.parts.train.new_run.recipe_fields import (
    AUGMENTATION,
    DISTILLATION,
    FINE_TUNING,
    OPTIMISATION,
    REGULARISATION,
    RecipeField,
)

_GROUPS = ("Optimisation", "Regularisation", "Augmentation", "Input size", "Distillation and votes")


def draw_options(
    recipe: Recipe, schemes: Sequence[LabelScheme], *, has_votes: bool
) -> dict[str, Any]:
    """The values that differ from the recipe's own, as in `TrainingPlan.options`.

    Args:
        schemes: the classes of the run, and those before the mapping; teachers have one of them.
        has_votes: whether there are FER+ votes for the dataset.
    """
    plain = to_plain(recipe)
    found: dict[str, Any] = {}
    with st.expander("Change the recipe for this run"):
        optimisation, regularisation, augmentation, input_size, distillation = st.tabs(_GROUPS)
        with optimisation:
            found |= _draw_fields(recipe, OPTIMISATION, plain)
        with regularisation:
            found |= _draw_fields(recipe, REGULARISATION, plain)
            if recipe.frozen:
                found |= _draw_fields(recipe, FINE_TUNING, plain)
        with augmentation:
            augmentation_changes = _draw_fields(recipe, AUGMENTATION, plain["augmentation"])
        with input_size:
            found |= _draw_sizes(recipe)
        with distillation:
            found |= _draw_teachers(recipe, plain, schemes)
            found |= _draw_votes(recipe, has_votes=has_votes)
    return {**found, **({"augmentation": augmentation_changes} if augmentation_changes else {})}


def _draw_fields(
    recipe: Recipe, fields: Sequence[RecipeField], plain: Mapping[str, Any]
) -> dict[str, Any]:
    """Draw fields in three columns; the values that differ from the recipe's."""
    found = {}
    for row in range(0, len(fields), 3):
        for column, field in zip(st.columns(3), fields[row : row + 3], strict=False):
            with column:
                current = plain[field.name]
                # The current value is in the key, so that the widget starts with it.
                value = _draw_field(field, current, f"option-{recipe.name}-{field.name}-{current}")
            if value != current:
                found[field.name] = value
    return found


def _draw_field(field: RecipeField, current: Any, key: str) -> Any:
    if field.enum is not None:
        values = [one.value for one in field.enum]
        at = values.index(current)
        return st.selectbox(field.title, values, index=at, help=field.why, key=key)
    limits = limits_of(field.name)
    least, most = limits.in_form(current)
    if limits.is_whole:
        return st.number_input(
            field.title, int(least), int(most), int(current), help=field.why, key=key
        )
    factor = 100.0 if field.is_percent else 1.0
    shown = round(current * factor, 3) if field.is_percent else float(current)
    chosen = st.number_input(
        field.title,
        least * factor,
        most * factor,
        shown,
        step=10.0 ** -int(field.number_format[2:-1]),
        format=field.number_format,
        help=field.why,
        key=key,
    )
    return current if chosen == shown else chosen / factor


def _draw_sizes(recipe: Recipe) -> dict[str, Any]:
    initial_px, final_px = recipe.sizes_px[0][0], recipe.final_size_px
    grows = len(recipe.sizes_px) > 1
    first, second, _ = st.columns(3)
    with second:
        final_field = RecipeField("size_px", "Final size (px)", "Input size of the finished model.")
        chosen_final_px = _draw_field(final_field, final_px, f"option-{recipe.name}-ends")
    with first:
        initial_field = RecipeField(
            "size_px",
            "Initial size (px)",
            "Progressive resizing: small pictures first, at less than half the cost.",
        )
        chosen_initial_px = (
            _draw_field(initial_field, initial_px, f"option-{recipe.name}-begins")
            if grows
            else chosen_final_px
        )
    if not grows:
        st.caption("This recipe uses one input size.")
    if (chosen_initial_px, chosen_final_px) == (initial_px, final_px):
        return {}
    if chosen_initial_px >= chosen_final_px:
        return {"sizes_px": [[chosen_final_px, 1.0]]}
    # As in the shipped model's recipe: about a third each, the last at full size.
    middle_px = round((chosen_initial_px + chosen_final_px) / 16) * 8
    return {"sizes_px": [[chosen_initial_px, 0.35], [middle_px, 0.35], [chosen_final_px, 0.30]]}


def _draw_teachers(
    recipe: Recipe, plain: Mapping[str, Any], schemes: Sequence[LabelScheme]
) -> dict[str, Any]:
    fine_tunable = [card.name for card in cached.cards() if card.scheme in schemes]
    missing = [name for name in recipe.teachers if name not in fine_tunable]
    if missing:
        st.caption(f"Teachers without a saved model here: {theme.plain(', '.join(missing))}.")
    chosen = st.multiselect(
        "Teachers",
        fine_tunable,
        default=[name for name in recipe.teachers if name in fine_tunable],
        help="Knowledge distillation: the scores of saved models with these classes are learned "
        "together with the labels.",
        placeholder="None" if fine_tunable else "No saved model has these classes",
        key=f"option-{recipe.name}-teachers-{schemes[0].name}",
    )
    found: dict[str, Any] = {}
    if chosen != list(recipe.teachers):
        found["teachers"] = chosen
    if chosen:
        found |= _draw_fields(recipe, DISTILLATION, plain)
    return found


def _draw_votes(recipe: Recipe, *, has_votes: bool) -> dict[str, Any]:
    if not has_votes:
        st.caption("There are no FER+ votes for these pictures and classes.")
        return {"votes": 0.0} if recipe.votes else {}
    field = RecipeField(
        "votes",
        "FER+ votes",
        "Share of each label replaced by the votes of ten annotators (Barsoum et al. 2016).",
    )
    return _draw_fields(recipe, (field,), {"votes": recipe.votes})
