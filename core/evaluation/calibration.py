"""Scores that mean what they say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from core.evaluation.metrics import log_loss

# Below it about one answer in five would be wrong: then "not sure" is the honest answer.
WANTED_ACCURACY = 0.80


def fit_temperature(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The number to divide logits by so that the log loss is least (Guo et al. 2017).

    Args:
        logits: `(n, k)`, of pictures the weights were not fitted on, and not of the test.
        truth: `(n,)`, class numbers.
    Returns:
        In [0.05, 20].
    """
    found = minimize_scalar(
        lambda power: log_loss(logits / np.exp(power), truth),
        bounds=(np.log(0.05), np.log(20.0)),
        method="bounded",
    )
    return float(np.exp(found.x))


def not_sure_threshold(
    scores: NDArray[np.float64], truth: NDArray[np.int64], *, wanted_accuracy: float
) -> float:
    """The lowest top score above which the model is right often enough.

    Scores under it are shown as "not sure". Chosen where accuracy over all more confident pictures
    first reaches `wanted_accuracy` (selective classification, Geifman & El-Yaniv 2017).

    Returns:
        In [1 / k, 0.95]; 0.95 where even the most confident are wrong too often.
    """
    confidence = scores.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = (scores.argmax(axis=1) == truth)[order]
    accuracy = np.cumsum(right) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(accuracy >= wanted_accuracy)
    if not len(good):
        return 0.95
    return float(np.clip(confidence[order[good[-1]]], 1 / scores.shape[1], 0.95))
