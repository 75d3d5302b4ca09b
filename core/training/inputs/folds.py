"""Cross-validation: training without one fold of the pictures, to predict that fold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit import duplicate_groups, find_exact_duplicates, find_near_duplicates
from core.domain import Dataset, SplitProtocol

LEFT_OUT = "Left out"


def without_fold(dataset: Dataset, *, fold: int, folds: int, seed: int) -> Dataset:
    """The same dataset with one part of its training pictures in place of its test.

    Pictures that repeat one another stay together, or a model would meet half of the left-out ones
    in training.

    Args:
        fold: which part is left out, from 1.
        folds: how many parts there are, each of about the same size.
        seed: same seed, same parts.
    """
    protocol = dataset.required_protocol
    learns = dataset[protocol.train]
    inside = fold_of(learns.pixels, folds=folds, seed=seed) == fold - 1
    splits = {
        protocol.train: learns.take(np.flatnonzero(~inside)),
        protocol.validation: dataset[protocol.validation],
        LEFT_OUT: learns.take(np.flatnonzero(inside)),
    }
    return Dataset.from_splits(
        dataset.name,
        dataset.scheme,
        splits,
        SplitProtocol(protocol.train, protocol.validation, LEFT_OUT),
        content_hash=dataset.content_hash,
        notes=(*dataset.notes, f"Fold {fold} of {folds} was held out of training."),
    )


def fold_of(pixels: NDArray[np.uint8], *, folds: int, seed: int) -> NDArray[np.int64]:
    """The part of each picture, from 0: int64, shape `(n,)`; repeats share theirs."""
    exact = find_exact_duplicates(pixels)
    group = duplicate_groups(exact, find_near_duplicates(pixels, exact))
    rng = np.random.default_rng(seed)
    part: NDArray[np.int64] = rng.permutation(np.arange(group.max(initial=-1) + 1) % folds)
    return part[group]
