"""Whether a dataset can be learned from as a plan asks: said before hours are spent."""

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
    """Without the pictures that nobody labelled: there is nothing to learn from them."""
    kept = np.flatnonzero(dataset.pictures.labels != UNLABELLED)
    gone = len(dataset) - len(kept)
    if not gone:
        return dataset
    return replace(
        dataset,
        pictures=dataset.pictures.take(kept),
        split_of=dataset.split_of[kept],
        notes=(
            *dataset.notes,
            f"{counted(gone, 'picture without a label was', 'pictures without a label were')} "
            "left out.",
        ),
    )


def validate_dataset(dataset: Dataset, *, batch_size: int) -> Dataset:
    """The same dataset, with notes on the classes that are missing.

    A class without pictures to learn from is no obstacle: whoever has six of seven expressions may
    learn those six. The notes go into the model's card.

    Args:
        dataset: every picture labelled.
        batch_size: pictures a step.
    Raises:
        EmptySplit: there is nothing to learn from, to choose by or to judge by, or only one class.
        PlanError: not even one step has its pictures.
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
    return replace(dataset, notes=(*dataset.notes, *_missing(dataset)))


def _missing(dataset: Dataset) -> list[str]:
    protocol, notes = dataset.required_protocol, []
    for split, so in (
        (protocol.train, "the model cannot predict such a class."),
        (protocol.test, "its accuracy was not measured."),
    ):
        names = [label for label, count in dataset.counts[split].items() if not count]
        if names:
            notes.append(f"{split} has no picture of {', '.join(names)}: {so}")
    return notes


def fingerprint(learns: PictureSet, chooses: PictureSet, *more: NDArray[Any]) -> str:
    """Changes when a picture or a label changes, takes another place, or changes its side.

    Args:
        more: whatever else is learned.
    """
    found = hashlib.sha256()
    columns: list[NDArray[Any]] = [learns.pixels, learns.labels, chooses.pixels, chooses.labels]
    for column in (*columns, *more):
        found.update(f"{column.dtype} {column.shape}".encode())
        found.update(np.ascontiguousarray(column).tobytes())
    return found.hexdigest()
