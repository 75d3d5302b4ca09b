"""The training that is proposed after drift."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import ModelCard
from core.training.inputs.warm_start import fine_tunable, fine_tuning_from
from core.training.plan import TrainingPlan
from core.training.recipes.catalogue import RECIPES

RECIPE = "compact-residual"
"""The recipe of the shipped models: real-time on the camera, and the most accurate measured."""


def retraining_plan(
    dataset: str, *, model: str, cards: Sequence[ModelCard], corrections: str = ""
) -> TrainingPlan:
    """A plan to retrain, with a warm start from the current model if its network fits.

    Args:
        dataset: its name in the catalogue; pictures taken under the current conditions.
        model: name of the current model; random weights if it is empty or of another network.
        cards: of the saved models.
        corrections: key of the dataset's corrections to apply.
    Raises:
        PlanError: the name of the dataset cannot be one.
    """
    recipe = RECIPES[RECIPE]
    fits = model in {card.name for card in fine_tunable(cards, recipe)}
    options = fine_tuning_from(model, recipe) if fits else {}
    return TrainingPlan(
        recipe=recipe.name, dataset=dataset, corrections=corrections, options=options
    )
