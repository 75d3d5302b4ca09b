"""Training recipes: one file each, with a reason beside each number."""

from core.training.recipes.augmentation import Augmentation
from core.training.recipes.catalogue import (
    EARLIER_NETWORKS,
    RECIPES,
    TITLES,
    recipe_named,
)
from core.training.recipes.kinds import Balance, Loss, Optimiser, Schedule, TeachersSee
from core.training.recipes.limits import Limits, limits_of
from core.training.recipes.recipe import Recipe, recipe_from
from core.training.recipes.small_data import small_data_options, total_steps

__all__ = [
    "EARLIER_NETWORKS",
    "RECIPES",
    "TITLES",
    "Augmentation",
    "Balance",
    "Limits",
    "Loss",
    "Optimiser",
    "Recipe",
    "Schedule",
    "TeachersSee",
    "limits_of",
    "recipe_from",
    "recipe_named",
    "small_data_options",
    "total_steps",
]
