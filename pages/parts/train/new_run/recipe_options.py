"""Changing a recipe for one run: every value it has, in groups, each with its help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.domain import LabelScheme
from core.domain.plain_values import to_plain
from core.training import Recipe
from pages.parts.shell import cached, theme
from pages.parts.train.new_run.recipe_fields import (
    CHANGES,
    FINE_TUNING,
    LEARNING,
    REGULARISATION,
    TEACHING,
    Choice,
)

_GROUPS = ("Optimisation", "Regularisation", "Augmentation", "Input size", "Distillation and votes")


def draw_options(
    recipe: Recipe, schemes: Sequence[LabelScheme], *, has_votes: bool
) -> dict[str, Any]:
    """The values that differ from the recipe's own, as `TrainingPlan.options` takes them.

    Args:
        schemes: of which teachers have to have one: the classes of the run, and those that a
            mapping makes them of.
        has_votes: whether FER+'s votes lie beside the pictures.
    """
    plain = to_plain(recipe)
    found: dict[str, Any] = {}
    with st.expander("Change the recipe for this run"):
        learning, regular, changes, sizes, teachers = st.tabs(_GROUPS)
        with learning:
            found |= _draw_choices(recipe, LEARNING, plain)
        with regular:
            found |= _draw_choices(recipe, REGULARISATION, plain)
            if recipe.frozen:
                found |= _draw_choices(recipe, FINE_TUNING, plain)
        with changes:
            changed = _draw_choices(recipe, CHANGES, plain["augmentation"])
        with sizes:
            found |= _draw_sizes(recipe)
        with teachers:
            found |= _draw_teachers(recipe, plain, schemes)
            found |= _draw_votes(recipe, has_votes=has_votes)
    return {**found, **({"augmentation": changed} if changed else {})}


def _draw_choices(
    recipe: Recipe, choices: Sequence[Choice], plain: Mapping[str, Any]
) -> dict[str, Any]:
    """Three columns of entries; the answer are those that differ from the recipe's."""
    found = {}
    for row in range(0, len(choices), 3):
        for column, choice in zip(st.columns(3), choices[row : row + 3], strict=False):
            with column:
                now = plain[choice.name]
                # The value in the key: where it is another one, the box has to begin with that.
                value = _ask(choice, now, f"option-{recipe.name}-{choice.name}-{now}")
            if value != now:
                found[choice.name] = value
    return found


def _ask(choice: Choice, now: Any, key: str) -> Any:
    if choice.words is not None:
        words = [one.value for one in choice.words]
        at = words.index(now)
        return st.selectbox(choice.title, words, index=at, help=choice.why, key=key)
    if isinstance(choice.most, int):
        return int(
            st.number_input(
                choice.title, int(choice.least), choice.most, int(now), help=choice.why, key=key
            )
        )
    step = 10.0 ** -int(choice.written[2:-1])
    return st.number_input(
        choice.title,
        float(choice.least),
        choice.most,
        float(now),
        step=step,
        format=choice.written,
        help=choice.why,
        key=key,
    )


def _draw_sizes(recipe: Recipe) -> dict[str, Any]:
    begins, ends = recipe.sizes_px[0][0], recipe.final_size_px
    grows = len(recipe.sizes_px) > 1
    first, second, _ = st.columns(3)
    with second:
        last = Choice("ends", "Final size (px)", "Input size of the finished model.", 16, 256)
        ends_px = _ask(last, ends, f"option-{recipe.name}-ends")
    with first:
        start = Choice(
            "begins",
            "Initial size (px)",
            "Progressive resizing: small pictures first, at less than half the cost.",
            16,
            256,
        )
        begins_px = _ask(start, begins, f"option-{recipe.name}-begins") if grows else ends_px
    if not grows:
        st.caption("This recipe uses one input size.")
    if (begins_px, ends_px) == (begins, ends):
        return {}
    if begins_px >= ends_px:
        return {"sizes_px": [[ends_px, 1.0]]}
    # As the shipped model's recipe does it: over a third each, and the end sees them whole.
    middle_px = round((begins_px + ends_px) / 16) * 8
    return {"sizes_px": [[begins_px, 0.35], [middle_px, 0.35], [ends_px, 0.30]]}


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
        found |= _draw_choices(recipe, TEACHING, plain)
    return found


def _draw_votes(recipe: Recipe, *, has_votes: bool) -> dict[str, Any]:
    if not has_votes:
        st.caption("There are no FER+ votes for these pictures and classes.")
        return {"votes": 0.0} if recipe.votes else {}
    choice = Choice(
        "votes",
        "FER+ votes",
        "Share of each label replaced by the votes of ten annotators (Barsoum et al. 2016).",
    )
    return _draw_choices(recipe, (choice,), {"votes": recipe.votes})
