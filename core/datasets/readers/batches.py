"""Blocks of pictures: what every reader gives, and going through many that do not fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Block:
    """Some pictures as they were read.

    Attributes:
        pixels: uint8, shape `(n, size, size)`, grey.
        labels: str, shape `(n,)`: as written in the file; empty where there is none.
        splits: str, shape `(n,)`: a canonical split name (`split_name`), or empty.
        names: str, shape `(n,)`: unique in the dataset: `train.csv:12`, `train/happy/7.png`.
        subjects: str, shape `(n,)`: who is shown; empty where nobody says.
        measured: float64, shape `(n,)`: the number behind a label; NaN where there is none.
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


_MOST_PIXELS = 64 << 20  # in one block: memory does not grow with the size of pictures


def pictures_at_once(most: int, size_px: int) -> int:
    """How many pictures of this size one block may hold; `most` where their size is not known."""
    return max(1, min(most, _MOST_PIXELS // max(1, size_px) ** 2))


ProgressCallback = Callable[[int, int], None]
"""Hears how many of how many are done; what it raises ends the work (that is how to stop it)."""


def silent(done: int, total: int) -> None:
    """A `ProgressCallback` that nobody listens to."""


def in_blocks(total: int, *, at_once: int, tell: ProgressCallback = silent) -> Iterator[slice]:
    """Neighbouring parts of `range(total)`, each of at most `at_once`; `tell` hears of each."""
    for start in range(0, total, at_once):
        end = min(start + at_once, total)
        yield slice(start, end)
        tell(end, total)
