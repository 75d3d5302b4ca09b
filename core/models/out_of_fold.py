"""Out-of-fold predictions: a model's training pictures, scored by models not trained on them.

A model repeats the labels it was trained on, wrong ones included. To find those, the pictures are
divided into folds, and each fold is scored by a model trained on the others. The table identifies
pictures by a hash of their pixels, so it holds no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from core.domain import ModelCard
from core.domain.dataset import picture_digests
from core.domain.errors import DamagedModel, ModelError
from core.models.registry import attach, verified_file
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

OUT_OF_FOLD_FILE = "out_of_fold.npz"


_SCALE = 255


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Scores by picture.

    Attributes:
        digests: uint64, shape `(m,)`, ascending (`picture_digests`).
        scores: uint8, shape `(m, k)`: 255 times the score, which is exact enough for ranking.
    """

    digests: NDArray[np.uint64]
    scores: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if self.scores.shape[:1] != self.digests.shape or (np.diff(self.digests) == 0).any():
            raise ValueError(f"{self.scores.shape} scores for {self.digests.shape} pictures")

    def replace_scores(
        self, scores: NDArray[np.float32], pixels: NDArray[np.uint8]
    ) -> NDArray[np.bool_]:
        """Replace the scores of pictures in the table.

        Args:
            scores: float32, shape `(n, k)`; changed in place.
            pixels: uint8, shape `(n, size, size)`.
        Returns:
            bool, shape `(n,)`: True for pictures in the table.
        """
        found, at = self._lookup(pixels)
        known = self.scores[at[found]].astype(np.float32) / _SCALE
        scores[found] = known / np.maximum(known.sum(axis=1, keepdims=True), 1e-6)
        return found

    def contains_any(self, pixels: NDArray[np.uint8]) -> bool:
        """Whether any of these pictures, uint8 `(n, size, size)`, is in the table."""
        return bool(self._lookup(pixels)[0].any())

    def _lookup(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Whether each picture is in the table, and its row."""
        if len(self.digests) == 0 or len(pixels) == 0:
            return np.zeros(len(pixels), np.bool_), np.zeros(len(pixels), np.int64)
        digests = picture_digests(pixels)
        at = np.minimum(np.searchsorted(self.digests, digests), len(self.digests) - 1)
        return self.digests[at] == digests, at


def out_of_fold_table(pixels: NDArray[np.uint8], scores: NDArray[np.float32]) -> OutOfFold:
    """A table from pictures and the scores of models not trained on them.

    Args:
        pixels: uint8, shape `(n, size, size)`; equal ones share the mean of their scores.
        scores: float32, shape `(n, k)`, in [0, 1].
    """
    digests, inverse = np.unique(picture_digests(pixels), return_inverse=True)
    sums = np.zeros((len(digests), scores.shape[1]))
    np.add.at(sums, inverse, scores)
    means = sums / np.bincount(inverse)[:, None]
    return OutOfFold(digests, np.round(means * _SCALE).astype(np.uint8))


def write_out_of_fold(path: Path, table: OutOfFold) -> None:
    """Write a table as a file of a model."""
    np.savez_compressed(path, digests=table.digests, scores=table.scores)


def read_out_of_fold(models_dir: Path, card: ModelCard) -> OutOfFold | None:
    """A model's table; None if it has none.

    Raises:
        DamagedModel: it differs from the card, or cannot be read.
    """
    if OUT_OF_FOLD_FILE not in card.files:
        return None
    return read_table(verified_file(models_dir, card, OUT_OF_FOLD_FILE))


def read_table(path: Path) -> OutOfFold:
    """A table from its file.

    Raises:
        DamagedModel: it cannot be read.
    """
    try:
        # Opened here: numpy would leave the file of a damaged archive open.
        with path.open("rb") as file, np.load(file) as read:
            return OutOfFold(read["digests"], read["scores"])
    except DAMAGED_CONTENT as error:
        raise DamagedModel(
            f"{path.parent.name}/{path.name} cannot be read: {short_message(error)}.",
            advice="Restore it from where it came from, or make it again.",
        ) from error


def attach_out_of_fold(models_dir: Path, card: ModelCard, tables: Sequence[OutOfFold]) -> ModelCard:
    """Attach the tables of all folds to a model trained on all of them.

    Raises:
        ModelError: a picture is in two of them.
    """
    digests = np.concatenate([table.digests for table in tables])
    order = np.argsort(digests)
    if (np.diff(digests[order]) == 0).any():
        raise ModelError(
            "A picture was left out of two folds.", advice="Give each fold once, all of one seed."
        )
    scores = np.concatenate([table.scores for table in tables])[order]
    with TemporaryDirectory() as folder:
        path = Path(folder) / OUT_OF_FOLD_FILE
        write_out_of_fold(path, OutOfFold(digests[order], scores))
        return attach(models_dir, card, {OUT_OF_FOLD_FILE: path})
