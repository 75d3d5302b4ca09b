"""Validation of a dataset before training, and its fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Dataset, PictureSet
from core.domain.counted import counted
from core.domain.errors import EmptySplit, PlanError


def labelled_only(dataset: Dataset) -> Dataset:
    """The dataset without its unlabelled pictures."""
    labelled = np.flatnonzero(dataset.pictures.labels != UNLABELLED)
    dropped = len(dataset) - len(labelled)
    if not dropped:
        return dataset
    return replace(
        dataset,
        pictures=dataset.pictures.take(labelled),
        split_of=dataset.split_of[labelled],
        notes=(
            *dataset.notes,
            f"{counted(dropped, 'picture without a label was', 'pictures without a label were')} "
            "left out.",
        ),
    )


def validate_dataset(dataset: Dataset, *, batch_size: int) -> Dataset:
    """The same dataset, with notes on missing classes.

    Classes without training pictures are allowed: six of seven expressions can be trained. The
    notes go into the model's card.

    Args:
        dataset: every picture labelled.
        batch_size: pictures per step.
    Raises:
        EmptySplit: a split has no pictures, or there is only one class.
        PlanError: there are fewer training pictures than one batch.
    """
    protocol, sizes = dataset.required_protocol, dataset.sizes
    roles = zip(protocol.roles, ("training", "validation", "test"), strict=True)
    for split, role in roles:
        if not sizes[split]:
            raise EmptySplit(
                f"{dataset.name} has no labelled picture in its {role} split ({split}).",
                advice=f"Add labelled pictures to {split}, or split the dataset again.",
            )
    present = [label for label, count in dataset.counts[protocol.train].items() if count]
    if len(present) < 2:
        raise EmptySplit(
            f"All {counted(sizes[protocol.train], 'picture')} of {protocol.train} are "
            f"{present[0]}: training needs two classes or more.",
            advice="Add pictures of other classes, or choose another mapping.",
        )
    if sizes[protocol.train] < batch_size:
        raise PlanError(
            f"{protocol.train} has {counted(sizes[protocol.train], 'picture')}, fewer than the "
            f"batch size of {batch_size:,}.",
            advice=f"Choose a batch size of at most {sizes[protocol.train]:,} (batch_size), or "
            "adapt the recipe to a small dataset.",
        )
    return replace(dataset, notes=(*dataset.notes, *_missing_class_notes(dataset)))


def _missing_class_notes(dataset: Dataset) -> list[str]:
    protocol, notes = dataset.required_protocol, []
    for split, consequence in (
        (protocol.train, "the model cannot predict such a class."),
        (protocol.test, "its accuracy was not measured."),
    ):
        names = [label for label, count in dataset.counts[split].items() if not count]
        if names:
            notes.append(f"{split} has no picture of {', '.join(names)}: {consequence}")
    return notes


def fingerprint(training: PictureSet, validation: PictureSet, *extra: NDArray[Any]) -> str:
    """Hash of the pictures and labels of both splits, in their order.

    Args:
        extra: further training inputs.
    """
    digest = hashlib.sha256()
    columns: list[NDArray[Any]] = [
        training.pixels,
        training.labels,
        validation.pixels,
        validation.labels,
    ]
    for column in (*columns, *extra):
        digest.update(f"{column.dtype} {column.shape}".encode())
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
