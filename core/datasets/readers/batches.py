"""Blocks of pictures, as every reader yields them: datasets need not fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.progress import ProgressCallback, no_progress


@dataclass(frozen=True, eq=False)
class Block:
    """Some pictures as they were read.

    Attributes:
        pixels: uint8, shape `(n, size, size)`, grey.
        labels: str, shape `(n,)`: as written in the file; empty where there is none.
        splits: str, shape `(n,)`: a canonical split name (`split_name`), or empty.
        names: str, shape `(n,)`: unique in the dataset: `train.csv:12`, `train/happy/7.png`.
        subjects: str, shape `(n,)`: ID of the person shown; empty where unknown.
        measured: float64, shape `(n,)`: the score behind a label; NaN where there is none.
        left_out: names of pictures that could not be read.
        notes: sentences about how the files were read.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.str_]
    splits: NDArray[np.str_]
    names: NDArray[np.str_]
    subjects: NDArray[np.str_]
    measured: NDArray[np.float64]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pixels)


_MOST_PIXELS = 64 << 20  # in one block: limits memory for large pictures


def pictures_at_once(most: int, size_px: int) -> int:
    """How many pictures of this size a block may hold; `most` where their size is unknown (0)."""
    return max(1, min(most, _MOST_PIXELS // max(1, size_px) ** 2))


def in_blocks(
    total: int, *, at_once: int, on_progress: ProgressCallback = no_progress
) -> Iterator[slice]:
    """Consecutive slices of `range(total)`, each of at most `at_once`.

    Args:
        on_progress: called after each slice.
    """
    for start in range(0, total, at_once):
        end = min(start + at_once, total)
        yield slice(start, end)
        on_progress(end, total)
