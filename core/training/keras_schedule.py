"""The learning rate over a run."""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf


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
