"""The training that is proposed when what a model sees has moved."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import ModelCard
from core.training.inputs.warm_start import fine_tuning_from, fitting
from core.training.plan import TrainingPlan
from core.training.recipes.catalogue import RECIPES

RECIPE = "compact-residual"
"""The recipe of the shipped models: small enough for the camera, and the best measured here."""


def retraining_plan(
    dataset: str, *, model: str, cards: Sequence[ModelCard], corrections: str = ""
) -> TrainingPlan:
    """A plan to train again, from the weights of the model that read what has moved if they fit.

    Args:
        dataset: its name in the catalogue; pictures that look like what is seen now.
        model: by name; empty, or of another network, begins with random weights.
        cards: of the saved models.
        corrections: key of the dataset's corrections; training takes them up unless told not to.
    Raises:
        PlanError: the name of the dataset cannot be one.
    """
    recipe = RECIPES[RECIPE]
    fits = model in {card.name for card in fitting(cards, recipe)}
    options = fine_tuning_from(model, recipe) if fits else {}
    return TrainingPlan(
        recipe=recipe.name, dataset=dataset, corrections=corrections, options=options
    )
