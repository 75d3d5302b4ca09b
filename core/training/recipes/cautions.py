"""Warnings: settings a run is likely to fail with, and a model no better than chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset
from core.domain.counted import counted
from core.evaluation.metrics import wilson_interval
from core.training.recipes.choices import Balance
from core.training.recipes.recipe import Recipe

MUCH_FASTER = 10.0
"""Times a recipe's own learning rate: measured, its loss breaks away or nothing is learned."""


def rate_note(recipe: Recipe, own: Recipe) -> str:
    """What a learning rate far above a recipe's own mostly does; empty otherwise.

    Args:
        recipe: as changed for the run.
        own: the same as it is written.
    """
    if recipe.learning_rate < own.learning_rate * MUCH_FASTER:
        return ""
    return (
        f"The learning rate is {recipe.learning_rate:g}; {own.name} has {own.learning_rate:g}. "
        "At so many times its own, training usually diverges or learns nothing."
    )


def empty_classes_note(recipe: Recipe, dataset: Dataset) -> str:
    """Which classes the recipe's balancing can do nothing for; empty where there are none."""
    learns = dataset.required_protocol.train
    empty = [label for label, count in dataset.counts[learns].items() if not count]
    if recipe.balance is Balance.NONE or not empty:
        return ""
    what = "class weights have" if recipe.balance is Balance.WEIGHTS else "oversampling has"
    return f"{learns} has no picture of {', '.join(empty)}: {what} no effect on such a class."


def nothing_learned_note(
    logits: NDArray[np.float64], labels: NDArray[np.int64], classes: Sequence[str], split: str
) -> str:
    """That a model does no better than guessing; empty where it does.

    Two guesses are looked at: always the most frequent label (below the accuracy's interval?), and
    any label by chance (is the mean recall more than two standard errors above it?).

    Args:
        logits: `(n, k)`; n at least 1.
        labels: `(n,)`, class numbers.
    """
    said, counts = logits.argmax(axis=1), np.bincount(labels, minlength=len(classes))
    right = said == labels
    most = int(counts.argmax())
    present = np.flatnonzero(counts)
    recalls = np.array([right[labels == at].mean() for at in present])
    chance = 1 / len(present)
    error = np.sqrt((chance * (1 - chance) / counts[present]).sum()) / len(present)
    accuracy = wilson_interval(int(right.sum()), len(labels))
    if accuracy.low > counts[most] / len(labels) or recalls.mean() > chance + 2 * error:
        return ""
    only = np.unique(said)
    always = f" It predicts {classes[int(only[0])]} for every picture." if len(only) == 1 else ""
    return (
        f"The model is no better than chance: its accuracy is {accuracy.value * 100:.1f} % on "
        f"{counted(len(labels), 'picture')} of {split}, and always predicting {classes[most]} "
        f"would have {(counts[most] / len(labels)) * 100:.1f} %.{always}"
    )
