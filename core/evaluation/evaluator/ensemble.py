"""Predictions of one model or an ensemble, over one or several views of each picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.merging import merge_scores
from core.evaluation.evaluator.test_time_augmentation import VIEWS
from core.evaluation.metrics.arrays import Floats
from core.evaluation.predictions.class_alignment import as_logits
from core.models import PREDICTION_BATCH_SIZE, Predictor

_BLOCK = 16 * PREDICTION_BATCH_SIZE


@dataclass(frozen=True, eq=False)
class EnsembleMember:
    """One model of an ensemble.

    Attributes:
        model: loaded.
        class_of_output: int64 `(m,)`: the evaluated class of each output (see `ClassAlignment`).
    """

    model: Predictor
    class_of_output: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ensemble:
    """One or several models with a test-time augmentation.

    Attributes:
        members: one, or several whose scores are averaged.
        views: a key of `test_time_augmentation.VIEWS`.
        classes: number of evaluated classes.
    """

    members: Sequence[EnsembleMember]
    views: str
    classes: int

    @property
    def has_raw_logits(self) -> bool:
        """Whether the logits are those of a single model, unmapped and of one view."""
        own = np.array_equal(self.members[0].class_of_output, np.arange(self.classes))
        return len(self.members) == 1 and self.views == "one" and own

    @property
    def temperature(self) -> float:
        """What divides the logits."""
        return self.members[0].model.card.temperature if self.has_raw_logits else 1.0

    def logits(
        self, pixels: NDArray[np.uint8], *, on_progress: Callable[[int], None] = lambda _: None
    ) -> Floats:
        """Float64 `(n, classes)`: logits; of averaged scores, their logarithms.

        Args:
            pixels: uint8, shape `(n, size, size)`.
            on_progress: gets the number of pictures done; may raise to stop.
        Raises:
            DamagedModel: a model returns values that are not finite.
        """
        parts = [np.zeros((0, self.classes))]
        for start in range(0, len(pixels), _BLOCK):
            on_progress(start)
            parts.append(self._block(np.asarray(pixels[start : start + _BLOCK])))
        return np.concatenate(parts)

    def _block(self, pixels: NDArray[np.uint8]) -> Floats:
        if self.has_raw_logits:
            return self.members[0].model.logits(pixels)
        scores = [
            merge_scores(
                member.model.scores(np.ascontiguousarray(view)),
                member.class_of_output,
                self.classes,
            )
            for member in self.members
            for view in VIEWS[self.views](pixels, member.model.card.input.interpolation)
        ]
        return as_logits(np.asarray(sum(scores)) / len(scores))
