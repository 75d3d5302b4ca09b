"""Answers under a condition and without it -> how much is lost, how sure that is, who noticed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers import ProgressCallback, in_blocks, no_progress
from core.domain import Interval, softmax
from core.domain.errors import EmptySplit
from core.evaluation.metrics.basics import (
    expected_calibration_error,
    mean_interval,
    wilson_interval,
)
from core.evaluation.metrics.scoring import ScoredLabels
from core.evaluation.metrics.significance import holm, paired_difference
from core.evaluation.robustness.corruptions import Corruption, corrupted
from core.evaluation.robustness.report import CorruptionCurve, CorruptionPoint

Asked = Callable[[NDArray[np.uint8]], NDArray[np.float64]]
"""Takes pictures uint8 `(n, size, size)`, gives logits float64 `(n, k)`."""

AT_ONCE = 512  # pictures spoilt together: 1.2 MB of 48 px, 26 MB of 224 px


@dataclass(frozen=True, eq=False)
class CorruptedPredictions:
    """Whom to ask about which pictures.

    Attributes:
        ask: gives the model's logits.
        pixels: uint8, shape `(n, size, size)`.
        truth: int64, shape `(n,)`, class numbers.
        temperature: divides the logits.
        not_sure_below: top scores under it are shown as "not sure".
        seed: of the corruptions' draws.
    """

    ask: Asked
    pixels: NDArray[np.uint8]
    truth: NDArray[np.int64]
    temperature: float
    not_sure_below: float
    seed: int

    def __post_init__(self) -> None:
        if len(self.pixels) == 0:
            raise EmptySplit("There is no picture.", advice="Choose another split.")

    def heard(
        self, corruption: Corruption | None, level: int, tell: ProgressCallback = no_progress
    ) -> ScoredLabels:
        """What the model says at one level of a condition; None takes the pictures as they are.

        Args:
            tell: hears how many pictures are done; may raise to stop.
        """
        parts = []
        for block in in_blocks(len(self.pixels), at_once=AT_ONCE, on_progress=tell):
            pixels = np.asarray(self.pixels[block])
            if corruption is not None:
                pixels = corrupted(pixels, corruption, level, seed=self.seed + block.start)
            parts.append(self.ask(pixels))
        scores = softmax(np.concatenate(parts) / self.temperature)
        return ScoredLabels(scores, self.truth, self.not_sure_below)


def point_of(level: int, here: ScoredLabels, clean: ScoredLabels) -> CorruptionPoint:
    """The figures of one level.

    Args:
        clean: what was said of the same pictures as they are.
    """
    count, sure = len(here.truth), here.confidence >= here.not_sure_below
    point = CorruptionPoint(
        level=level,
        accuracy=wilson_interval(int(here.right.sum()), count),
        confidence=mean_interval(here.confidence),
        not_sure=wilson_interval(int((~sure).sum()), count),
        right_when_sure=_share(here.right[sure]),
        ece=expected_calibration_error(here.scores, here.truth),
        same_label=wilson_interval(int((here.label == clean.label).sum()), count),
    )
    if level == 0:
        return point
    difference = paired_difference(here.right, clean.right)
    return replace(
        point, difference=difference, adjusted_p=difference.test.exact_p if difference.test else 1.0
    )


def corrected(curves: Sequence[CorruptionCurve]) -> tuple[CorruptionCurve, ...]:
    """The same with p-values that count how many levels of how many conditions were tested."""
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
    """Mean accuracy over all levels, each condition counting the same, with the normal interval.

    What ImageNet-C sums up as mean corruption error, as accuracy and without the division by
    another network's. Each picture is in every level, so pictures are what is drawn by chance.

    Args:
        right: condition -> for each level, which pictures were named right.
    """
    shares = [np.mean(np.stack(list(levels)), axis=0) for levels in right.values()]
    return mean_interval(np.mean(np.stack(shares), axis=0))


def _share(right: NDArray[np.bool_]) -> Interval | None:
    return wilson_interval(int(right.sum()), len(right)) if len(right) else None
