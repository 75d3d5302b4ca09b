"""What all visitors share of imported models, and each thing's lifetime."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.conversion.importing import (
    DrawnFacePredictions,
    predictions_by_scaling,
    predictions_on_drawn,
)
from core.domain import ModelCard, Scaling
from pages.parts.shell import cached

KIND = "import_model"


@dataclass(frozen=True)
class Asked:
    """An imported model with its pictures prepared in one way.

    Attributes:
        card: says how.
    """

    card: ModelCard

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> str:
        """What its answers depend on, in words."""
        card = self.card
        return f"{card.name}|{card.files}|{card.input}|{card.answers}|{card.outputs}"


def imported() -> list[ModelCard]:
    """Every model on the shelf that was trained elsewhere."""
    return [card for card in cached.cards() if card.origin]


def said(card: ModelCard) -> DrawnFacePredictions:
    """What a model says about the synthetic faces.

    Raises:
        DamagedModel: it cannot be asked.
    """
    return _said(Asked(card))


def said_by_scaling(card: ModelCard) -> dict[Scaling, DrawnFacePredictions]:
    """The same with each scaling.

    Raises:
        DamagedModel: it cannot be asked.
    """
    return _said_by_scaling(Asked(card))


# 28 small pictures and their scores: 100 kB an entry.
@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Asked: lambda one: one.key})
def _said(asked: Asked) -> DrawnFacePredictions:
    return predictions_on_drawn(cached.settings().models_dir, asked.card)


@st.cache_resource(
    max_entries=8, show_spinner="Running the model …", hash_funcs={Asked: lambda one: one.key}
)
def _said_by_scaling(asked: Asked) -> dict[Scaling, DrawnFacePredictions]:
    return predictions_by_scaling(cached.settings().models_dir, asked.card)
