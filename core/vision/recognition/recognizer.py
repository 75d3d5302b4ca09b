"""Recognises expressions with a saved model: one batch for all faces, without TensorFlow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import EmotionScores, LabelScheme, ModelInput
from core.models import Predictor


class ModelRecognizer:
    """An EmotionRecognizer over a model; may be shared by any number of threads.

    Args:
        predictor: the model.
    """

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    @property
    def scheme(self) -> LabelScheme:
        """The labels of its scores."""
        return self._predictor.card.scheme

    @property
    def input(self) -> ModelInput:
        """The input it requires."""
        return self._predictor.card.input

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """Calibrated scores, one for each face.

        Args:
            faces: float32 in [0, 1], grey `(n, size_px, size_px, 1)`, or RGB `(n, size_px, size_px,
                3)` for a model of colours; n may be 0.
        """
        scores = self._predictor.scores(faces).astype(np.float32)
        return [EmotionScores(self.scheme, row) for row in scores]
