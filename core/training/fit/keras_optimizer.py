"""Optimisers with averaged weights, and learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras
import tensorflow as tf

from core.training.recipes.kinds import Optimiser, Schedule
from core.training.recipes.recipe import Recipe

_MOMENTUM = 0.9  # of SGD, with Nesterov momentum


class _SeparateAverage:
    """An optimiser whose moving average does not overwrite the weights.

    Load-bearing: `Model.fit` ends by writing an optimiser's moving average over the weights. We
    call `fit` once an epoch, so with Keras' own, every epoch started from that average, and 60
    epochs reached less than 28 should. Here that step does nothing;
    keras.callbacks.SwapEMAWeights swaps the average in where it is needed.
    """

    def finalize_variable_values(self, var_list: Any) -> None:
        """Leave the weights as training left them."""


class AveragingAdamW(_SeparateAverage, keras.optimizers.AdamW):
    """AdamW."""


class AveragingAdam(_SeparateAverage, keras.optimizers.Adam):
    """Adam."""


class AveragingSgd(_SeparateAverage, keras.optimizers.SGD):
    """Stochastic gradient descent."""


_KINDS: Mapping[Optimiser, tuple[type[keras.optimizers.Optimizer], dict[str, Any]]] = {
    Optimiser.ADAMW: (AveragingAdamW, {}),
    Optimiser.ADAM: (AveragingAdam, {}),
    Optimiser.SGD: (AveragingSgd, {"momentum": _MOMENTUM, "nesterov": True}),
}


def build_optimiser(
    recipe: Recipe, *, steps: int, frozen_steps: int = 0
) -> keras.optimizers.Optimizer:
    """The optimiser that a recipe names.

    Args:
        steps: batches in the whole run.
        frozen_steps: how many of them, at the start, train only the new layers.
    """
    kind, options = _KINDS[recipe.optimiser]
    decays = recipe.optimiser is not Optimiser.ADAM
    if decays:  # also 0: without the argument Keras uses a default above 0
        options = {**options, "weight_decay": recipe.weight_decay}
    if recipe.ema:
        options = {**options, "use_ema": True, "ema_momentum": recipe.ema}
    rate: Any = recipe.learning_rate
    if recipe.schedule is not Schedule.PLATEAU:
        rate = build_schedule(recipe, steps=steps, frozen_steps=frozen_steps)
    optimiser = kind(rate, **options)
    if decays:
        optimiser.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimiser


ONE_CYCLE_RISE = 0.3  # of the steps (Smith & Topin 2018)


def build_schedule(
    recipe: Recipe, *, steps: int, frozen_steps: int = 0
) -> keras.optimizers.schedules.LearningRateSchedule:
    """The learning-rate schedule of a recipe, for any but `Schedule.PLATEAU`.

    Args:
        steps: of the whole run.
        frozen_steps: how many of them, at the start, train only the new layers.
    """
    if frozen_steps:
        fine_tuning = replace(recipe, learning_rate=recipe.learning_rate * recipe.tuning_rate)
        remaining_steps = max(1, steps - frozen_steps)
        return TwoPhases(
            build_schedule(recipe, steps=frozen_steps),
            build_schedule(fine_tuning, steps=remaining_steps),
            first_steps=frozen_steps,
        )
    if recipe.schedule is Schedule.ONE_CYCLE:
        return WarmUpThenCosine(recipe.learning_rate, steps=steps, warm_up=ONE_CYCLE_RISE)
    if recipe.schedule is Schedule.CONSTANT:
        return WarmUpThenConstant(recipe.learning_rate, steps=steps, warm_up=recipe.warm_up)
    return WarmUpThenCosine(recipe.learning_rate, steps=steps, warm_up=recipe.warm_up)


class TwoPhases(keras.optimizers.schedules.LearningRateSchedule):
    """Two schedules, one after the other.

    Args:
        first, second: the schedules; each counts its steps from 0.
        first_steps: length of the first.
    """

    def __init__(self, first: Any, second: Any, *, first_steps: int) -> None:
        super().__init__()
        self._first, self._second, self._first_steps = first, second, first_steps

    def __call__(self, step: Any) -> Any:
        """The rate at one step, a float32 scalar."""
        step = tf.cast(step, tf.float32)
        elapsed = tf.maximum(step - self._first_steps, 0.0)
        return tf.where(step < self._first_steps, self._first(step), self._second(elapsed))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to build it again."""
        return {"first": self._first, "second": self._second, "first_steps": self._first_steps}


class WarmUpThenCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Linear warm-up to the peak, then half a cosine to zero (Loshchilov & Hutter 2017).

    Args:
        peak: highest learning rate.
        steps: batches in the whole run.
        warm_up: share of the steps in which the rate rises.
    """

    def __init__(self, peak: float, *, steps: int, warm_up: float) -> None:
        super().__init__()
        self._peak = peak
        self._steps = steps
        self._up = max(1, round(steps * warm_up))

    def __call__(self, step: Any) -> Any:
        """The rate at one step, a float32 scalar."""
        step = tf.cast(step, tf.float32)
        rising = self._peak * (step + 1) / self._up
        done = tf.clip_by_value((step - self._up) / max(1, self._steps - self._up), 0.0, 1.0)
        falling = self._peak * 0.5 * (1 + tf.cos(math.pi * done))
        return tf.where(step < self._up, rising, falling)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to build it again."""
        return {
            "peak": self._peak,
            "steps": self._steps,
            "warm_up": self._up / self._steps,
        }


class WarmUpThenConstant(WarmUpThenCosine):
    """Linear warm-up to the peak, then constant."""

    def __call__(self, step: Any) -> Any:
        """The rate at one step, a float32 scalar."""
        step = tf.cast(step, tf.float32)
        return tf.minimum(self._peak * (step + 1) / self._up, self._peak)
