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
from pages.parts.explore.cached import AS_IN_THE_FILES, AS_IN_THE_FILES_TEXT, DatasetView
from pages.parts.shell import session_state


def choose_dataset(*, key: str) -> str:
    """Choose a dataset by name; the last one opened is the default.

    Args:
        key: prefix of the widgets' keys.
    """
    names = [entry.name for entry in cached.datasets()]
    remembered = session_state.chosen_dataset.get()
    at = names.index(remembered) if remembered in names else 0
    return str(st.selectbox("Dataset", names, index=at, key=f"{key}-dataset"))


def choose_view(recipe: Recipe, dataset: str, *, key: str) -> DatasetView:
    """Choose a dataset's class mapping, and whether its corrections are applied.

    Args:
        recipe: its own class mapping is the default.
        key: prefix of the widgets' keys.
    """
    maps = [AS_IN_THE_FILES_TEXT, *cached.maps_of(DatasetView(dataset))]
    meant = maps.index(recipe.classes) if recipe.classes in maps else 0
    classes = st.selectbox("Classes", maps, index=meant, key=f"{key}-classes-{recipe.name}")
    corrections = cached.corrections_of(dataset)
    corrected = bool(corrections.steps) and st.toggle(
        f"Apply {counted(len(corrections.steps), 'correction')}",
        value=True,
        key=f"{key}-corrected",
    )
    mapped = AS_IN_THE_FILES if classes == AS_IN_THE_FILES_TEXT else classes
    return DatasetView(dataset, mapped, corrections.key if corrected else "")


def choose_small_data_options(recipe: Recipe, pictures: int, *, key: str) -> dict[str, Any]:
    """Offer to adapt a recipe to a small dataset; the options that do so, if chosen.

    Nothing is drawn if there are enough pictures.

    Args:
        pictures: of the training split.
        key: of the switch.
    """
    options = small_data_options(recipe, pictures)
    if not options:
        return {}
    adapted = recipe.changed(options)
    adapt = st.toggle("Adapt the recipe to a small dataset", value=True, key=key)
    st.caption(
        f"Unchanged: {counted(total_steps(recipe, pictures), 'step')} with batch size "
        f"{recipe.batch_size}, too few to learn much. Adapted: "
        f"{counted(total_steps(adapted, pictures), 'step')} with batch size {adapted.batch_size}, "
        f"in {counted(adapted.epochs, 'epoch')}."
    )
    return options if adapt else {}
