"""Metrics on corrupted pictures, compared with the same pictures without corruption."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers import in_blocks
from core.domain import Interval, softmax
from core.domain.errors import EmptySplit
from core.domain.intervals import share_interval
from core.domain.progress import ProgressCallback, no_progress
from core.evaluation.metrics.calibration import expected_calibration_error
from core.evaluation.metrics.mean_intervals import mean_interval
from core.evaluation.metrics.significance import holm, paired_difference
from core.evaluation.metrics.split_report import ScoredLabels
from core.evaluation.robustness.corruptions import Corruption, corrupted
from core.evaluation.robustness.report import CorruptionCurve, CorruptionPoint

PredictLogits = Callable[[NDArray[np.uint8]], NDArray[np.float64]]
"""Takes pictures uint8 `(n, size, size)`, gives logits float64 `(n, k)`."""

AT_ONCE = 512  # pictures corrupted together: 1.2 MB of 48 px, 26 MB of 224 px


@dataclass(frozen=True, eq=False)
class CorruptionEvaluator:
    """A model and the pictures to evaluate it on with corruptions.

    Attributes:
        predict: returns the model's logits.
        pixels: uint8, shape `(n, size, size)`.
        truth: int64, shape `(n,)`, class numbers.
        temperature: divides the logits.
        not_sure_below: top scores under it are shown as "not sure".
        seed: of the corruptions.
    """

    predict: PredictLogits
    pixels: NDArray[np.uint8]
    truth: NDArray[np.int64]
    temperature: float
    not_sure_below: float
    seed: int

    def __post_init__(self) -> None:
        if len(self.pixels) == 0:
            raise EmptySplit("There is no picture.", advice="Choose another split.")

    def evaluate(
        self,
        corruption: Corruption | None,
        level: int,
        on_progress: ProgressCallback = no_progress,
    ) -> ScoredLabels:
        """Predictions at one level of a corruption; None takes the original pictures.

        Args:
            on_progress: gets how many pictures of how many are done; may raise to stop.
        """
        parts = []
        for block in in_blocks(len(self.pixels), at_once=AT_ONCE, on_progress=on_progress):
            pixels = np.asarray(self.pixels[block])
            if corruption is not None:
                pixels = corrupted(pixels, corruption, level, seed=self.seed + block.start)
            parts.append(self.predict(pixels))
        scores = softmax(np.concatenate(parts) / self.temperature)
        return ScoredLabels(scores, self.truth, self.not_sure_below)


def point_of(level: int, here: ScoredLabels, clean: ScoredLabels) -> CorruptionPoint:
    """The metrics of one level.

    Args:
        clean: predictions on the same pictures without corruption.
    """
    count, sure = len(here.truth), here.confidence >= here.not_sure_below
    point = CorruptionPoint(
        level=level,
        accuracy=share_interval(int(here.right.sum()), count),
        confidence=mean_interval(here.confidence),
        not_sure=share_interval(int((~sure).sum()), count),
        right_when_sure=_share(here.right[sure]),
        ece=expected_calibration_error(here.scores, here.truth),
        same_label=share_interval(int((here.predicted == clean.predicted).sum()), count),
    )
    if level == 0:
        return point
    difference = paired_difference(here.right, clean.right)
    return replace(
        point, difference=difference, adjusted_p=difference.test.exact_p if difference.test else 1.0
    )


def corrected(curves: Sequence[CorruptionCurve]) -> tuple[CorruptionCurve, ...]:
    """The same with p-values corrected for all levels of all corruptions (Holm)."""
    points = [point for curve in curves for point in curve.points]
    adjusted = iter(holm([point.adjusted_p for point in points]))
    return tuple(
        replace(
            curve,
            points=tuple(replace(point, adjusted_p=next(adjusted)) for point in curve.points),
        )
        for curve in curves
    )


def mean_over_corruptions(right: Mapping[str, Sequence[NDArray[np.bool_]]]) -> Interval:
    """Mean accuracy over all levels, each corruption weighted equally, with the normal interval.

    ImageNet-C's mean corruption error, as accuracy and without the division by another network's.
    Each picture is in every level, so the interval is over pictures.

    Args:
        right: corruption -> for each level, which pictures are classified correctly.
    """
    shares = [np.mean(np.stack(list(levels)), axis=0) for levels in right.values()]
    return mean_interval(np.mean(np.stack(shares), axis=0))


def _share(right: NDArray[np.bool_]) -> Interval | None:
    return share_interval(int(right.sum()), len(right)) if len(right) else None
