"""The contract of engines: the shape of their input, and finite outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain import ModelCard
from core.domain.counted import counted
from core.domain.errors import DamagedModel


@dataclass(frozen=True)
class Signature:
    """Shapes of an engine's input and output, as its file declares them.

    Attributes:
        picture: shape of one picture; None for a free dimension.
        outputs: outputs per picture; None where the file does not declare it.
        one_by_one: whether the batch size is fixed at 1.
    """

    picture: tuple[int | None, ...]
    outputs: int | None
    one_by_one: bool


class Engine(Protocol):
    """Runs a model's file; may be shared by threads."""

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raw outputs, float32 `(n, k)`.

        Args:
            batch: float32 `(n, *picture)`, preprocessed for the model; n is 1 or more.
        Raises:
            DamagedModel: the model does not accept pictures of this shape.
        """


class DescribedEngine(Engine, Protocol):
    """An engine whose file declares its shapes."""

    @property
    def signature(self) -> Signature:
        """Shapes of its input and output."""


def expect_outputs(outputs: NDArray[np.float32], card: ModelCard) -> None:
    """Check a model's outputs against its card.

    Args:
        outputs: float32 `(n, k)`, raw outputs.
    Raises:
        DamagedModel: their count does not match the card, or one of them is NaN or infinite.
    """
    count = card.outputs_expected
    # A card that selects outputs may select fewer than the model has.
    fits = outputs.shape[1] >= count if card.outputs else outputs.shape[1] == count
    if not fits:
        raise DamagedModel(
            f"{card.name} gives {outputs.shape[1]} outputs per picture, which do not match its "
            f"card: {count} are expected.",
            advice="Restore the model from where it came from, or choose another one.",
        )
    if not np.isfinite(outputs).all():
        broken = int((~np.isfinite(outputs).all(axis=1)).sum())
        raise DamagedModel(
            f"Outputs of {card.name} for {broken:,} of {counted(len(outputs), 'picture')} are NaN "
            "or infinite.",
            advice="Check how its pictures are scaled, or choose another model.",
        )
