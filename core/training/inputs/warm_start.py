"""Warm start: training from the weights of a saved model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.domain import LabelScheme, ModelCard
from core.domain.errors import PlanError, UnknownModel
from core.models import KERAS_FILE, load_card, verified_file
from core.training.recipes.catalogue import RECIPES
from core.training.recipes.recipe import Recipe

FINE_TUNING_SHARE = 0.1
"""Share of a recipe's learning rate that is used for fine-tuning (docs/decisions.md)."""


@dataclass(frozen=True)
class WarmStart:
    """Initial weights.

    Attributes:
        model: name of the saved model.
        file: its network, `.keras`.
        keeps_last_layer: whether it has the same classes, so that its last layer is used too.
    """

    model: str
    file: Path
    keeps_last_layer: bool


def fine_tunable(cards: Sequence[ModelCard], recipe: Recipe) -> list[ModelCard]:
    """Models that a recipe can fine-tune, by their cards: those of its own network."""
    return [
        card
        for card in cards
        if card.recipe_name in RECIPES
        and RECIPES[card.recipe_name].network == recipe.network
        and KERAS_FILE in card.files
    ]


def fine_tuning_from(model: str, recipe: Recipe) -> dict[str, Any]:
    """Options that fine-tune a model: a lower learning rate, and full-size pictures throughout.

    Args:
        model: name of a saved model; empty changes nothing.
    """
    if not model:
        return {}
    options: dict[str, Any] = {
        "begins_with": model,
        "learning_rate": recipe.learning_rate * FINE_TUNING_SHARE,
    }
    if len(recipe.sizes_px) > 1:
        options["sizes_px"] = [[recipe.final_size_px, 1.0]]
    return options


def load_warm_start(models_dir: Path, model: str, scheme: LabelScheme) -> WarmStart:
    """Initial weights from a saved model.

    Args:
        model: its name.
        scheme: classes to be trained.
    Raises:
        PlanError: it has no Keras file.
        ModelError: it is missing or damaged.
    """
    card = load_card(models_dir, model)
    if KERAS_FILE not in card.files:
        raise PlanError(
            f"{card.name} has no Keras file, so it cannot be fine-tuned.",
            advice="Choose a model that was trained with Mien.",
        )
    return WarmStart(
        card.name,
        verified_file(models_dir, card, KERAS_FILE),
        keeps_last_layer=card.scheme == scheme,
    )


def warm_start_note(models_dir: Path, recipe: Recipe) -> str:
    """A note for the model card; empty without a warm start.

    Raises:
        DamagedModel: the card of the initial model cannot be read.
    """
    name = recipe.begins_with
    if not name:
        return ""
    try:
        card = load_card(models_dir, name)
        learned = card.trained_on if card.data is None else card.data.train_split
    except UnknownModel:  # deleted since; a resumed run does not need it
        learned = "pictures that are not known any more"
    return (
        f"Warm start from {name}, which was trained on {learned}: its accuracy on those pictures "
        "is optimistic."
    )
