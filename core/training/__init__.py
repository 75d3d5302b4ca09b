"""From a plan to a trained, judged and saved model."""

from core.training.plan import TrainingPlan, options_from
from core.training.recipes import RECIPES, Augmentation, Recipe, recipe_named

__all__ = [
    "RECIPES",
    "Augmentation",
    "Recipe",
    "TrainingPlan",
    "options_from",
    "recipe_named",
]
