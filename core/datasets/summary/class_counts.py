"""Class counts, imbalance and class weights, split by split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Dataset, SplitProtocol


@dataclass(frozen=True)
class ClassCount:
    """One class within one split.

    Attributes:
        label: the class.
        pictures: how many have it.
        share: of the split's labelled pictures, in [0, 1]; 0 where none is labelled.
        weight: class weight that balances the classes; None without pictures.
    """

    label: str
    pictures: int
    share: float
    weight: float | None


@dataclass(frozen=True)
class SplitCounts:
    """Class counts of one split, or of all together.

    Attributes:
        split: its name.
        pictures: how many it has, labelled or not.
        unlabelled: how many of them have no label.
        classes: one per label, in the scheme's order.
    """

    split: str
    pictures: int
    unlabelled: int
    classes: tuple[ClassCount, ...]

    def __getitem__(self, label: str) -> ClassCount:
        return next(one for one in self.classes if one.label == label)

    @property
    def labelled(self) -> int:
        """Number of labelled pictures."""
        return self.pictures - self.unlabelled

    @property
    def imbalance(self) -> float | None:
        """Largest class size divided by the smallest; None where a class is empty."""
        counts = [one.pictures for one in self.classes]
        return max(counts) / min(counts) if min(counts) > 0 else None

    @property
    def empty(self) -> tuple[str, ...]:
        """Labels without a picture."""
        return tuple(one.label for one in self.classes if one.pictures == 0)


ALL_SPLITS = "All"
"""`SplitCounts.split` of all splits together."""


def count_classes(dataset: Dataset) -> tuple[SplitCounts, ...]:
    """The counts of each split in the dataset's order, then of all together."""
    parts = [
        (name, dataset.pictures.labels[dataset.positions(name)]) for name in dataset.split_names
    ]
    labels = dataset.scheme.labels
    return tuple(
        _counted(name, part, labels)
        for name, part in [*parts, (ALL_SPLITS, dataset.pictures.labels)]
    )


def counts_for_weights(
    counts: Sequence[SplitCounts], protocol: SplitProtocol | None
) -> SplitCounts:
    """The counts that class weights come from: of the training split, or of all together.

    Args:
        counts: from `count_classes`.
    """
    train = None if protocol is None else protocol.train
    return next((one for one in counts[:-1] if one.split == train), counts[-1])


def balanced_weights(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Balanced class weights: n / (k * n_c), as scikit-learn's "balanced".

    They average to 1 over all pictures.

    Args:
        counts: pictures of each class. k is the number of non-empty classes; empty ones get 0.
    """
    present = counts > 0
    total, classes = counts.sum(), present.sum()
    weights = np.zeros(len(counts))
    weights[present] = total / (classes * counts[present])
    return weights


def _counted(split: str, labels_given: NDArray[np.int64], labels: tuple[str, ...]) -> SplitCounts:
    known = labels_given[labels_given != UNLABELLED]
    counts = np.bincount(known, minlength=len(labels)).astype(np.int64)
    weights = balanced_weights(counts)
    classes = tuple(
        ClassCount(
            label=label,
            pictures=int(count),
            share=int(count) / max(1, len(known)),
            weight=float(weight) if count > 0 else None,
        )
        for label, count, weight in zip(labels, counts, weights, strict=True)
    )
    return SplitCounts(split, len(labels_given), len(labels_given) - len(known), classes)
