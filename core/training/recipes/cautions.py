"""Warnings: settings a run is likely to fail with, and a model no better than chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset
from core.domain.counted import counted, tenths
from core.domain.intervals import share_interval
from core.training.recipes.kinds import Balance
from core.training.recipes.recipe import Recipe

RATE_WARNING_FACTOR = 10.0
"""Times a recipe's own learning rate; measured: training diverges or learns nothing."""


def rate_note(recipe: Recipe, original: Recipe) -> str:
    """A warning about a learning rate far above the recipe's own; else empty.

    Args:
        recipe: as changed for the run.
        original: as in its file.
    """
    if recipe.learning_rate < original.learning_rate * RATE_WARNING_FACTOR:
        return ""
    return (
        f"The learning rate is {recipe.learning_rate:g}; {original.name} has "
        f"{original.learning_rate:g}. At so many times its own, training usually diverges or "
        "learns nothing."
    )


def empty_classes_note(recipe: Recipe, dataset: Dataset) -> str:
    """A warning about classes that are empty, so that balancing has no effect; else empty."""
    training = dataset.required_protocol.train
    empty = [label for label, count in dataset.counts[training].items() if not count]
    if recipe.balance is Balance.NONE or not empty:
        return ""
    what = "class weights have" if recipe.balance is Balance.WEIGHTS else "oversampling has"
    return f"{training} has no picture of {', '.join(empty)}: {what} no effect on such a class."


def chance_level_note(
    logits: NDArray[np.float64], labels: NDArray[np.int64], classes: Sequence[str], split: str
) -> str:
    """A warning that a model is no better than chance; else empty.

    It is better than always predicting the most frequent label if that accuracy is below the
    model's interval, and better than random labels if its mean recall is more than two standard
    errors above theirs. Either is enough.

    Args:
        logits: `(n, k)`; n at least 1.
        labels: `(n,)`, class numbers.
    """
    predicted, counts = logits.argmax(axis=1), np.bincount(labels, minlength=len(classes))
    correct = predicted == labels
    majority = int(counts.argmax())
    present = np.flatnonzero(counts)
    recalls = np.array([correct[labels == at].mean() for at in present])
    chance = 1 / len(present)
    error = np.sqrt((chance * (1 - chance) / counts[present]).sum()) / len(present)
    accuracy = share_interval(int(correct.sum()), len(labels))
    if accuracy.low > counts[majority] / len(labels) or recalls.mean() > chance + 2 * error:
        return ""
    distinct = np.unique(predicted)
    constant = ""
    if len(distinct) == 1:
        constant = f" It predicts {classes[int(distinct[0])]} for every picture."
    return (
        f"The model is no better than chance: its accuracy is {tenths(accuracy.value)} on "
        f"{counted(len(labels), 'picture')} of {split}, and always predicting {classes[majority]} "
        f"would have {tenths(counts[majority] / len(labels))}.{constant}"
    )
