"""Every way to train that Mien knows: one file a recipe, a reason beside each number."""

from core.training.recipes.catalogue import (
    EARLIER_NETWORKS,
    RECIPES,
    TITLES,
    recipe_named,
)
from core.training.recipes.choices import (
    Augmentation,
    Balance,
    Loss,
    Optimiser,
    Schedule,
    TeachersSee,
)
from core.training.recipes.recipe import (
    Recipe,
    limits_of,
    recipe_from,
)
from core.training.recipes.small_data import fitted, steps_of

__all__ = [
    "EARLIER_NETWORKS",
    "RECIPES",
    "TITLES",
    "Augmentation",
    "Balance",
    "Loss",
    "Optimiser",
    "Recipe",
    "Schedule",
    "TeachersSee",
    "annotations",
    "fitted",
    "limits_of",
    "recipe_from",
    "recipe_named",
    "steps_of",
]
