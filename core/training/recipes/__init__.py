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
from core.training.recipes.measured import (
    label_of,
    measured_recipes,
    measured_words,
    recipe_figures,
)
from core.training.recipes.recipe import (
    Recipe,
    from_plain,
    limits_of,
    to_plain,
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
    "from_plain",
    "label_of",
    "limits_of",
    "measured_recipes",
    "measured_words",
    "recipe_figures",
    "recipe_named",
    "steps_of",
    "to_plain",
]
