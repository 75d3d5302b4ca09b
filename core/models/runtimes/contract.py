"""What every engine promises: the shape and order of pictures it takes, and finite answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain import ModelCard
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

    @property
    def signature(self) -> Signature:
        """What it takes and gives."""

    def answer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`, its numbers as they are.

        Args:
            batch: float32 `(n, *picture)`, prepared as the model reads it; n is 1 or more.
        Raises:
            DamagedModel: pictures of this shape are not what it takes.
        """


def expect_finite(answer: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """The same answer.

    Args:
        name: whose it is.
    Raises:
        DamagedModel: a value is infinite or no number.
    """
    if not np.isfinite(answer).all():
        raise DamagedModel(
            f"{name} answers with values that are no numbers.",
            advice="Check how its pictures are scaled, or choose another model.",
        )
    return answer


def expect_answers(answer: NDArray[np.float32], card: ModelCard, expected: int) -> None:
    """Whether a model gives as many numbers as its card has places for.

    Raises:
        DamagedModel: it does not, or they are no numbers.
    """
    # Where the card says which numbers to take, there may be more of them.
    fits = answer.shape[1] >= expected if card.outputs else answer.shape[1] == expected
    if not fits or not np.isfinite(answer).all():
        raise DamagedModel(
            f"{card.name} answers {answer.shape} values that do not fit its card.",
            advice="Choose another model.",
        )
