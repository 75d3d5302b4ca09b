"""From a plan to a trained, judged and saved model."""

from core.training.plan import TrainingPlan
from core.training.recipes import RECIPES, Augmentation, Recipe, recipe_named

__all__ = ["RECIPES", "Augmentation", "Recipe", "TrainingPlan", "recipe_named"]
