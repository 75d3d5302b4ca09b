"""What runs and sweeps learn from: a dataset, and how it is looked at."""

from __future__ import annotations

import streamlit as st

from core.domain.counted import counted
from core.training import Recipe
from pages.parts import memory, shared_data
from pages.parts.shared_data import View

_AS_IN_FILES = "As in the files"


def choose_dataset(*, key: str) -> str:
    """One of the datasets by name, first the one that was looked at last.

    Args:
        key: of the form: what it draws is called after it.
    """
    names = [entry.name for entry in shared_data.datasets()]
    remembered = memory.chosen_dataset.get()
    at = names.index(remembered) if remembered in names else 0
    return str(st.selectbox("Dataset", names, index=at, key=f"{key}-dataset"))


def choose_view(recipe: Recipe, dataset: str, *, key: str) -> View:
    """A dataset under its own classes or a mapping, with its corrections or without.

    Args:
        recipe: the classes that it is meant for are proposed.
        key: of the form.
    """
    maps = [_AS_IN_FILES, *shared_data.maps_of(View(dataset))]
    meant = maps.index(recipe.classes) if recipe.classes in maps else 0
    classes = st.selectbox("Classes", maps, index=meant, key=f"{key}-classes-{recipe.name}")
    corrections = shared_data.corrections_of(dataset)
    corrected = bool(corrections.steps) and st.toggle(
        f"With its {counted(len(corrections.steps), 'correction')}",
        value=True,
        key=f"{key}-corrected",
    )
    mapped = "" if classes == _AS_IN_FILES else classes
    return View(dataset, mapped, corrections.key if corrected else "")
