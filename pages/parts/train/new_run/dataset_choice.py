"""Which dataset a run or sweep learns from, and what small ones change in the recipe."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.counted import counted
from core.training import Recipe
from core.training.recipes import fitted, steps_of
from pages.parts.explore import cached
from pages.parts.explore.cached import View
from pages.parts.shell import session_state

_AS_IN_FILES = "As in the files"


def choose_dataset(*, key: str) -> str:
    """One of the datasets by name, first the one that was looked at last.

    Args:
        key: of the form: what it draws is called after it.
    """
    names = [entry.name for entry in cached.datasets()]
    remembered = session_state.chosen_dataset.get()
    at = names.index(remembered) if remembered in names else 0
    return str(st.selectbox("Dataset", names, index=at, key=f"{key}-dataset"))


def choose_view(recipe: Recipe, dataset: str, *, key: str) -> View:
    """A dataset under its own classes or a mapping, with its corrections or without.

    Args:
        recipe: the classes that it is meant for are proposed.
        key: of the form.
    """
    maps = [_AS_IN_FILES, *cached.maps_of(View(dataset))]
    meant = maps.index(recipe.classes) if recipe.classes in maps else 0
    classes = st.selectbox("Classes", maps, index=meant, key=f"{key}-classes-{recipe.name}")
    corrections = cached.corrections_of(dataset)
    corrected = bool(corrections.steps) and st.toggle(
        f"With its {counted(len(corrections.steps), 'correction')}",
        value=True,
        key=f"{key}-corrected",
    )
    mapped = "" if classes == _AS_IN_FILES else classes
    return View(dataset, mapped, corrections.key if corrected else "")


def choose_fit(recipe: Recipe, pictures: int, *, key: str) -> dict[str, Any]:
    """Say what few pictures mean for a recipe; the options that the visitor wants for them.

    Nothing is drawn where there are enough.

    Args:
        pictures: learned from in one epoch.
        key: of the switch.
    """
    options = fitted(recipe, pictures)
    if not options:
        return {}
    better = recipe.changed(options)
    wanted = st.toggle("Fit the recipe to few pictures", value=True, key=key)
    st.caption(
        f"As it is, it makes {counted(steps_of(recipe, pictures), 'step')} of "
        f"{counted(recipe.batch_size, 'picture')}, "
        f"which teaches little. Fitted: {counted(steps_of(better, pictures), 'step')} of "
        f"{better.batch_size}, in {counted(better.epochs, 'epoch')}."
    )
    return options if wanted else {}
