"""Optimisers with an average of the weights beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from core.training.keras_schedule import schedule_of
from core.training.recipes.choices import Optimiser, Schedule
from core.training.recipes.recipe import Recipe

_MOMENTUM = 0.9  # of SGD, with Nesterov's look ahead


class _KeepsAverageApart:
    """An optimiser that keeps its moving average of the weights beside the weights.

    Load-bearing: `Model.fit` ends by writing an optimiser's moving average over the weights. We
    call `fit` once an epoch, so with Keras' own every epoch began from the average of the last two,
    and 60 epochs learned less than 28 should. Here that step does nothing;
    keras.callbacks.SwapEMAWeights brings the average in where it is wanted.
    """

    def finalize_variable_values(self, var_list: Any) -> None:
        """Leave the weights as training left them."""


class AveragingAdamW(_KeepsAverageApart, keras.optimizers.AdamW):
    """AdamW."""


class AveragingAdam(_KeepsAverageApart, keras.optimizers.Adam):
    """Adam."""


class AveragingSgd(_KeepsAverageApart, keras.optimizers.SGD):
    """Stochastic gradient descent."""


_KINDS: Mapping[Optimiser, tuple[type[keras.optimizers.Optimizer], dict[str, Any]]] = {
    Optimiser.ADAMW: (AveragingAdamW, {}),
    Optimiser.ADAM: (AveragingAdam, {}),
    Optimiser.SGD: (AveragingSgd, {"momentum": _MOMENTUM, "nesterov": True}),
}


def optimiser_of(
    recipe: Recipe, *, steps: int, frozen_steps: int = 0
) -> keras.optimizers.Optimizer:
    """The optimiser that a recipe asks for.

    Args:
        steps: batches in the whole run.
        frozen_steps: of those, the first, in which only the new layers learn.
    """
    kind, options = _KINDS[recipe.optimiser]
    decays = recipe.optimiser is not Optimiser.ADAM
    if decays:  # also by nothing: left out, Keras would take a rate of its own
        options = {**options, "weight_decay": recipe.weight_decay}
    if recipe.ema:
        options = {**options, "use_ema": True, "ema_momentum": recipe.ema}
    rate: Any = recipe.learning_rate
    if recipe.schedule is not Schedule.PLATEAU:
        rate = schedule_of(recipe, steps=steps, frozen_steps=frozen_steps)
    optimiser = kind(rate, **options)
    if decays:
        optimiser.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimiser
