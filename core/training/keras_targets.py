"""What each training picture is wanted to answer: its label, people's votes, teachers' answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import PictureSet
from core.training.keras_input import Targets
from core.training.recipes.choices import Balance
from core.training.recipes.recipe import Recipe


def targets_of(
    pictures: PictureSet,
    recipe: Recipe,
    *,
    classes: int,
    votes: NDArray[np.float32] | None = None,
    taught: NDArray[np.float32] | None = None,
) -> Targets:
    """Labels, partly replaced by votes and by teachers' answers, and what each class weighs.

    Args:
        classes: of the scheme.
        votes: float32 `(n, classes)`, share of the people that voted; rows of zeros where nobody
            did: there the label stands alone.
        taught: float32 `(n, classes)`, the teachers' scores.
    """
    shares = np.eye(classes, dtype=np.float32)[pictures.labels]
    if votes is not None and recipe.votes:
        voted = votes.sum(axis=1) > 0
        shares[voted] = (1 - recipe.votes) * shares[voted] + recipe.votes * votes[voted]
    if taught is not None and recipe.teaching:
        shares = (1 - recipe.teaching) * shares + recipe.teaching * taught
    return Targets(
        shares=shares.astype(np.float32),
        labels=pictures.labels,
        weights=class_weights(pictures.labels, classes, recipe.balance),
    )


def class_weights(labels: NDArray[np.int64], classes: int, balance: Balance) -> NDArray[np.float32]:
    """How much a picture of each class counts: ones, or n / (k * n_c) over the classes present."""
    weights = np.ones(classes, dtype=np.float32)
    if balance is Balance.WEIGHTS:
        counts = np.bincount(labels, minlength=classes)
        present = counts > 0
        weights[present] = len(labels) / (present.sum() * counts[present])
    return weights
