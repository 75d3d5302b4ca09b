"""From a plan to a trained, evaluated and saved model."""

from core.training.plan import TrainingPlan, options_from
from core.training.recipes.augmentation import Augmentation
from core.training.recipes.catalogue import RECIPES, recipe_named
from core.training.recipes.recipe import Recipe

__all__ = [
    "RECIPES",
    "Augmentation",
    "Recipe",
    "TrainingPlan",
    "options_from",
    "recipe_named",
]
