"""Cross-validation: training without one fold of the pictures, to predict that fold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit import duplicate_groups, find_exact_duplicates, find_near_duplicates
from core.domain import Dataset, SplitProtocol

LEFT_OUT = "Left out"


def without_fold(dataset: Dataset, *, fold: int, folds: int, seed: int) -> Dataset:
    """The same dataset with one fold of its training pictures as test split.

    Duplicates are kept in one fold, so that no held-out picture is also trained on.

    Args:
        fold: which fold is held out, from 1.
        folds: number of folds, of about the same size.
        seed: same seed, same folds.
    """
    protocol = dataset.required_protocol
    training = dataset[protocol.train]
    held_out = assign_folds(training.pixels, folds=folds, seed=seed) == fold - 1
    splits = {
        protocol.train: training.take(np.flatnonzero(~held_out)),
        protocol.validation: dataset[protocol.validation],
        LEFT_OUT: training.take(np.flatnonzero(held_out)),
    }
    return Dataset.from_splits(
        dataset.name,
        dataset.scheme,
        splits,
        SplitProtocol(protocol.train, protocol.validation, LEFT_OUT),
        content_hash=dataset.content_hash,
        notes=(*dataset.notes, f"Fold {fold} of {folds} was held out of training."),
    )


def assign_folds(pixels: NDArray[np.uint8], *, folds: int, seed: int) -> NDArray[np.int64]:
    """The fold of each picture, from 0: int64, shape `(n,)`; duplicates share theirs."""
    exact = find_exact_duplicates(pixels)
    group = duplicate_groups(exact, find_near_duplicates(pixels, exact))
    rng = np.random.default_rng(seed)
    fold_of_group: NDArray[np.int64] = rng.permutation(np.arange(group.max(initial=-1) + 1) % folds)
    return fold_of_group[group]
