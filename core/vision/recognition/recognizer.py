"""A saved model that judges faces: one batch for all of them, without TensorFlow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import EmotionScores, LabelScheme, ModelCard, ModelInput, normalised
from core.models.runtimes import (
    expect_answers,
    logits_from,
    numbers_expected,
    open_engine,
    prepared,
)


class ModelRecognizer:
    """An EmotionRecognizer over a model's file; may be shared by any number of threads.

    Args:
        path: the file to ask, already verified.
        card: says what goes in and what comes out.
    Raises:
        DamagedModel: the file is no model, does not fit its card, or answers no numbers.
    """

    def __init__(self, path: Path, card: ModelCard) -> None:
        self._card = card
        self._engine = open_engine(path)
        self._try_it()

    @property
    def scheme(self) -> LabelScheme:
        """The labels it answers with."""
        return self._card.scheme

    @property
    def input(self) -> ModelInput:
        """The pictures it wants."""
        return self._card.input

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """Calibrated scores, one for each face.

        Args:
            faces: float32 in [0, 1], grey `(n, size_px, size_px, 1)`, or RGB `(n, size_px, size_px,
                3)` for a model of colours; n may be 0.
        """
        if len(faces) == 0:
            return []
        answer = self._engine.answer(prepared(faces, self._card.input))
        logits = logits_from(answer, self._card).astype(np.float64)
        logits /= self._card.temperature
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [normalised(self._card.scheme, row) for row in raised]

    def _try_it(self) -> None:
        """Ask once about a grey picture: a model that answers NaN must not reach a person."""
        size_px = self._card.input.size_px
        grey = np.full((1, size_px, size_px, 1), 0.5, dtype=np.float32)
        answer = self._engine.answer(prepared(grey, self._card.input))
        expect_answers(answer, self._card, numbers_expected(self._card))
