"""What every engine promises: the shape and order of pictures it takes, and finite answers."""

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
    """What an engine takes and gives, as its file says it.

    Attributes:
        picture: shape of one picture; None for a length that is free.
        answers: numbers it gives for each picture; None where the file does not say.
        one_by_one: whether it takes a single picture at a time.
    """

    picture: tuple[int | None, ...]
    answers: int | None
    one_by_one: bool


class Engine(Protocol):
    """A model that is asked directly; may be shared by threads."""

    def answer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`, its numbers as they are.

        Args:
            batch: float32 `(n, *picture)`, prepared as the model reads it; n is 1 or more.
        Raises:
            DamagedModel: pictures of this shape are not what it takes.
        """


class DescribedEngine(Engine, Protocol):
    """One whose file says what it takes and gives."""

    @property
    def signature(self) -> Signature:
        """What that is."""


def expect_outputs(numbers: NDArray[np.float32], card: ModelCard) -> None:
    """Whether a model gives as many numbers as its card has places for.

    Args:
        numbers: float32 `(n, k)`, as it gave them.
    Raises:
        DamagedModel: it does not, or they are no numbers.
    """
    count = card.outputs_expected
    # Where the card says which numbers to take, there may be more of them.
    fits = numbers.shape[1] >= count if card.outputs else numbers.shape[1] == count
    if not fits:
        raise DamagedModel(
            f"{card.name} gives {numbers.shape[1]} outputs per picture, which do not match its "
            f"card: {count} are expected.",
            advice="Restore the model from where it came from, or choose another one.",
        )
    if not np.isfinite(numbers).all():
        broken = int((~np.isfinite(numbers).all(axis=1)).sum())
        raise DamagedModel(
            f"Outputs of {card.name} for {broken:,} of {counted(len(numbers), 'picture')} are NaN "
            "or infinite.",
            advice="Check how its pictures are scaled, or choose another model.",
        )
