"""Warm start: a saved model whose weights a run starts from."""

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

GENTLER = 0.1
"""Share of a recipe's learning rate that suits a model that has learned already: decisions.md."""


@dataclass(frozen=True)
class WarmStart:
    """Weights to begin with.

    Attributes:
        model: whose they are.
        file: a finished network, `.keras`.
        keeps_answers: whether it names the same classes, so that its last layer stays too.
    """

    model: str
    file: Path
    keeps_answers: bool


def fitting(cards: Sequence[ModelCard], recipe: Recipe) -> list[ModelCard]:
    """Those models that a recipe can fine-tune, as far as their cards tell: of its own network."""
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
        model: a name on the shelf; empty changes nothing.
    """
    if not model:
        return {}
    options: dict[str, Any] = {
        "begins_with": model,
        "learning_rate": recipe.learning_rate * GENTLER,
    }
    if len(recipe.sizes_px) > 1:
        options["sizes_px"] = [[recipe.final_size_px, 1.0]]
    return options


def warm_start_of(models_dir: Path, model: str, scheme: LabelScheme) -> WarmStart:
    """What a run begins with.

    Args:
        model: a name on the shelf.
        scheme: of the classes that are learned.
    Raises:
        PlanError: it has no network that could learn on.
        ModelError: it is not there, or damaged.
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
        keeps_answers=card.scheme == scheme,
    )


def warm_start_note(models_dir: Path, recipe: Recipe) -> str:
    """What a run's model has to be read with; empty where it begins with random weights.

    Raises:
        DamagedModel: the card of the model it begins with cannot be read.
    """
    name = recipe.begins_with
    if not name:
        return ""
    try:
        card = load_card(models_dir, name)
        learned = card.trained_on if card.data is None else card.data.train_split
    except UnknownModel:  # deleted since: a run that is resumed does not need it any more
        learned = "pictures that are not known any more"
    return (
        f"Warm start from {name}, which was trained on {learned}: its accuracy on those pictures "
        "is optimistic."
    )
