"""Predictions of a model for each picture, by split: stored, models can be compared in pairs.

Pictures are identified by a hash of their pixels, so the file holds no picture.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset
from core.domain.dataset import picture_digests
from core.domain.errors import DamagedModel
from core.storage.atomic import atomic_file
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

ANSWERS_FILE = "answers.npz"
"""In a run's result folder."""


@dataclass(frozen=True, eq=False)
class SplitPredictions:
    """One model's predictions on one split, in the split's order.

    Attributes:
        digests: uint64, shape `(n,)`: hashes of the pictures (`picture_digests`).
        labels: int64, shape `(n,)`: class numbers at the time of the evaluation.
        logits: float32, shape `(n, k)`.
        classes: names of the outputs.
    """

    digests: NDArray[np.uint64]
    labels: NDArray[np.int64]
    logits: NDArray[np.float32]
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        expected = (len(self.digests), len(self.classes))
        if self.labels.shape != self.digests.shape or self.logits.shape != expected:
            raise ValueError(f"{self.logits.shape} answers for {self.labels.shape} labels")

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which pictures are classified correctly: bool, shape `(n,)`."""
        return np.asarray(self.logits.argmax(axis=1) == self.labels)


def predictions_by_split(
    dataset: Dataset, logits: Mapping[str, NDArray[np.float64]]
) -> dict[str, SplitPredictions]:
    """Predictions from logits, by split.

    Args:
        logits: split -> `(n, k)`, in the split's order.
    """
    return {
        split: SplitPredictions(
            picture_digests(dataset[split].pixels),
            dataset[split].labels.astype(np.int64),
            of_split.astype(np.float32),
            dataset.scheme.labels,
        )
        for split, of_split in logits.items()
    }


def write_predictions(path: Path, predictions: Mapping[str, SplitPredictions]) -> None:
    """Write the predictions of all splits in one step."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for split, one in predictions.items():
        arrays[f"{split}/digests"] = one.digests
        arrays[f"{split}/labels"] = one.labels
        arrays[f"{split}/logits"] = one.logits
        arrays[f"{split}/classes"] = np.array(one.classes)
    with atomic_file(path) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def read_predictions(path: Path) -> dict[str, SplitPredictions]:
    """The predictions by split; empty if none are stored.

    Raises:
        DamagedModel: the file cannot be read.
    """
    if not path.is_file():
        return {}
    try:
        return predictions_from(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DamagedModel(
            f"The saved predictions in {path.parent.parent.name} cannot be read: {error}.",
            advice="Delete the file; the models are then compared by their counts.",
        ) from error


def predictions_from(content: bytes) -> dict[str, SplitPredictions]:
    """The predictions by split, from the content of their file.

    Raises:
        ValueError: it is damaged.
    """
    try:
        with np.load(io.BytesIO(content)) as read:
            splits = sorted({name.rpartition("/")[0] for name in read.files})
            return {
                split: SplitPredictions(
                    read[f"{split}/digests"],
                    read[f"{split}/labels"],
                    read[f"{split}/logits"],
                    tuple(str(name) for name in read[f"{split}/classes"]),
                )
                for split in splits
            }
    except DAMAGED_CONTENT as error:
        raise ValueError(short_message(error)) from error
