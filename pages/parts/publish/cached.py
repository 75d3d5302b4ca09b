"""Caches for imported models, with their lifetimes."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.conversion.importing import (
    SyntheticFacePredictions,
    predictions_by_scaling,
    synthetic_face_predictions,
)
from core.domain import ModelCard, Scaling
from pages.parts.shell import cached

KIND = "import_model"


@dataclass(frozen=True)
class PreprocessedModel:
    """An imported model with one preprocessing, as a cache key.

    Attributes:
        card: with the preprocessing.
    """

    card: ModelCard

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> str:
        """Everything its predictions depend on, as text."""
        card = self.card
        return f"{card.name}|{card.files}|{card.input}|{card.answers}|{card.outputs}"


def imported() -> list[ModelCard]:
    """Every registered model that was trained elsewhere."""
    return [card for card in cached.cards() if card.origin]


def predictions_of(card: ModelCard) -> SyntheticFacePredictions:
    """A model's predictions for the synthetic faces.

    Raises:
        DamagedModel: it cannot be run.
    """
    return _predictions(PreprocessedModel(card))


def predictions_by_scaling_of(card: ModelCard) -> dict[Scaling, SyntheticFacePredictions]:
    """The same with each scaling.

    Raises:
        DamagedModel: it cannot be run.
    """
    return _predictions_by_scaling(PreprocessedModel(card))


# 28 small pictures and their scores: 100 kB per entry.
@st.cache_resource(
    max_entries=32, show_spinner=False, hash_funcs={PreprocessedModel: lambda one: one.key}
)
def _predictions(model: PreprocessedModel) -> SyntheticFacePredictions:
    return synthetic_face_predictions(cached.settings().models_dir, model.card)


@st.cache_resource(
    max_entries=8,
    show_spinner="Running the model …",
    hash_funcs={PreprocessedModel: lambda one: one.key},
)
def _predictions_by_scaling(model: PreprocessedModel) -> dict[Scaling, SyntheticFacePredictions]:
    return predictions_by_scaling(cached.settings().models_dir, model.card)
