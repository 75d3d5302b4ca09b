"""The learning rate over a run."""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf

from core.training.recipes import Recipe, Schedule

ONE_CYCLE_RISE = 0.3  # of the steps, as Smith & Topin 2018 have it


def schedule_of(recipe: Recipe, *, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """The learning rate over a run whose rate does not depend on how well it goes."""
    if recipe.schedule is Schedule.ONE_CYCLE:
        return WarmUpThenCosine(recipe.learning_rate, steps=steps, warm_up=ONE_CYCLE_RISE)
    if recipe.schedule is Schedule.CONSTANT:
        return WarmUpThenConstant(recipe.learning_rate, steps=steps, warm_up=recipe.warm_up)
    return WarmUpThenCosine(recipe.learning_rate, steps=steps, warm_up=recipe.warm_up)


class WarmUpThenCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Straight up to the peak, then half a cosine down to zero (Loshchilov & Hutter 2017).

    Args:
        peak: highest learning rate.
        steps: batches in the whole run.
        warm_up: share of the steps spent going up.
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
    """Straight up to the peak, and there it stays."""

    def __call__(self, step: Any) -> Any:
        """The rate at one step, a float32 scalar."""
        step = tf.cast(step, tf.float32)
        return tf.minimum(self._peak * (step + 1) / self._up, self._peak)
