"""Asking a file by the runtime that its users will have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.conversion.formats import Runtime
from core.domain import ModelCard
from core.models.runtimes import as_faces, logits_from, open_engine, prepared

PICTURES_AT_ONCE = 32

Tell = Callable[[int, int], None]


class Answering(Protocol):
    """A model's file, opened."""

    def answer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`, its numbers as they are, about `(n, *card.input.shape)`."""


def opened(runtime: Runtime, path: Path, *, threads: int) -> Answering:
    """A file in its runtime.

    TensorFlow wakes up here for the two runtimes that need it: call these in workers only.

    Args:
        threads: of the processor; TensorFlow keeps the one it was told at first.
    Raises:
        DamagedModel: the runtime cannot use the file.
    """
    if runtime is Runtime.KERAS:
        from core.conversion.writers.keras_runtimes import KerasEngine
        from core.models.runtimes.keras_file import load_network

        return KerasEngine(load_network(path))
    if runtime is Runtime.SAVED_MODEL:
        from core.conversion.writers.keras_runtimes import SavedModelEngine

        return SavedModelEngine(path)
    return open_engine(path, threads=threads)


def as_input(pixels: NDArray[np.uint8], card: ModelCard) -> NDArray[np.float32]:
    """Grey pictures `(n, side, side)` as a model reads them: `(n, *card.input.shape)`."""
    return prepared(as_faces(pixels, card.input), card.input)


def logits_about(
    model: Answering, pixels: NDArray[np.uint8], card: ModelCard, *, tell: Tell
) -> NDArray[np.float64]:
    """Float64 `(n, k)`: what a model answers about grey pictures, as logits.

    Values may be infinite or no numbers: that is for the caller to judge.

    Args:
        pixels: uint8 `(n, side, side)`; resized to the model's size.
        tell: hears how many of how many are done; may raise to stop.
    Raises:
        DamagedModel: the file does not take pictures of this shape.
    """
    parts = []
    for at in range(0, len(pixels), PICTURES_AT_ONCE):
        numbers = model.answer(as_input(pixels[at : at + PICTURES_AT_ONCE], card))
        parts.append(logits_from(numbers, card))
        tell(min(at + PICTURES_AT_ONCE, len(pixels)), len(pixels))
    return np.concatenate(parts).astype(np.float64)
