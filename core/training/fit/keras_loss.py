"""The losses that recipes name."""

from __future__ import annotations

import keras

from core.training.recipes.kinds import Loss
from core.training.recipes.recipe import Recipe


def build_loss(recipe: Recipe) -> keras.losses.Loss:
    """The loss that a recipe names, over logits and target probabilities."""
    if recipe.loss is Loss.FOCAL:
        return keras.losses.CategoricalFocalCrossentropy(
            alpha=1.0, gamma=2.0, from_logits=True, label_smoothing=recipe.label_smoothing
        )
    return keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe.label_smoothing
    )
