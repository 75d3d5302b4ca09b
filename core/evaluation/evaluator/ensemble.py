"""What one model, or several as one, answer about pictures, in one view or more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.merging import merged
from core.evaluation.evaluator.test_time_augmentation import VIEWS
from core.evaluation.metrics.basics import Floats
from core.evaluation.predictions.class_alignment import as_logits
from core.models import PICTURES_AT_ONCE, Predictor

_BLOCK = 16 * PICTURES_AT_ONCE


@dataclass(frozen=True, eq=False)
class EnsembleMember:
    """One of the models that are asked.

    Attributes:
        model: opened.
        places: int64 `(m,)`: which judged class each output counts for
            (`class_alignment.ClassAlignment`).
    """

    model: Predictor
    places: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Who is asked, and how each picture is looked at.

    Attributes:
        voices: one, or several whose scores are averaged.
        views: a key of `test_time_augmentation.VIEWS`.
        classes: how many are judged.
    """

    voices: Sequence[EnsembleMember]
    views: str
    classes: int

    @property
    def is_plain(self) -> bool:
        """Whether the answers are one model's own logits, each picture looked at once."""
        own = np.array_equal(self.voices[0].places, np.arange(self.classes))
        return len(self.voices) == 1 and self.views == "one" and own

    @property
    def temperature(self) -> float:
        """What divides the answers."""
        return self.voices[0].model.card.temperature if self.is_plain else 1.0

    def answers(
        self, pixels: NDArray[np.uint8], *, tell: Callable[[int], None] = lambda _: None
    ) -> Floats:
        """Float64 `(n, classes)`: logits; of averaged scores, their logarithms.

        Args:
            pixels: uint8, shape `(n, size, size)`.
            tell: hears how many pictures were answered; may raise to stop.
        Raises:
            DamagedModel: a model answers something that is no number.
        """
        parts = [np.zeros((0, self.classes))]
        for start in range(0, len(pixels), _BLOCK):
            tell(start)
            parts.append(self._block(np.asarray(pixels[start : start + _BLOCK])))
        return np.concatenate(parts)

    def _block(self, pixels: NDArray[np.uint8]) -> Floats:
        if self.is_plain:
            return self.voices[0].model.logits(pixels)
        scores = [
            merged(voice.model.scores(np.ascontiguousarray(look)), voice.places, self.classes)
            for voice in self.voices
            for look in VIEWS[self.views](pixels, voice.model.card.input.interpolation)
        ]
        return as_logits(np.asarray(sum(scores)) / len(scores))
