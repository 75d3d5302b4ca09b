"""What runs and sweeps train on: a dataset, its classes and its corrections.

A recipe for large datasets is adapted to a small one, if the visitor agrees.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.counted import counted
from core.training import Recipe
from core.training.recipes import small_data_options, total_steps
from pages.parts.explore import cached
from pages.parts.explore.cached import DatasetView
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


def choose_view(recipe: Recipe, dataset: str, *, key: str) -> DatasetView:
    """A dataset under its own classes or a mapping, with its corrections or without.

    Args:
        recipe: the classes that it is meant for are proposed.
        key: of the form.
    """
    maps = [_AS_IN_FILES, *cached.maps_of(DatasetView(dataset))]
    meant = maps.index(recipe.classes) if recipe.classes in maps else 0
    classes = st.selectbox("Classes", maps, index=meant, key=f"{key}-classes-{recipe.name}")
    corrections = cached.corrections_of(dataset)
    corrected = bool(corrections.steps) and st.toggle(
        f"Apply {counted(len(corrections.steps), 'correction')}",
        value=True,
        key=f"{key}-corrected",
    )
    mapped = "" if classes == _AS_IN_FILES else classes
    return DatasetView(dataset, mapped, corrections.key if corrected else "")


def choose_fit(recipe: Recipe, pictures: int, *, key: str) -> dict[str, Any]:
    """Say what a small dataset means for a recipe; the options that the visitor wants for it.

    Nothing is drawn where there are enough.

    Args:
        pictures: of the training split.
        key: of the switch.
    """
    options = small_data_options(recipe, pictures)
    if not options:
        return {}
    better = recipe.changed(options)
    wanted = st.toggle("Adapt the recipe to a small dataset", value=True, key=key)
    st.caption(
        f"Unchanged: {counted(total_steps(recipe, pictures), 'step')} with batch size "
        f"{recipe.batch_size}, too few to learn much. Adapted: "
        f"{counted(total_steps(better, pictures), 'step')} with batch size {better.batch_size}, in "
        f"{counted(better.epochs, 'epoch')}."
    )
    return options if wanted else {}
