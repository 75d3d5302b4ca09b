"""Accuracy by brightness, contrast, sharpness and head pose of the original pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit import measure_pictures
from core.domain import Interval
from core.domain.intervals import share_interval
from core.evaluation.metrics.significance import ALPHA, holm, homogeneity

FIFTHS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class QualityMeasure:
    """A measure of picture quality.

    Attributes:
        title: its name on screen.
        unit: of its values; empty for a plain number.
        edges: between the bins; empty for quintiles of the pictures.
        about: what is measured, in words.
    """

    title: str
    unit: str
    edges: tuple[float, ...]
    about: str


QUALITY_MEASURES: Mapping[str, QualityMeasure] = {
    "brightness": QualityMeasure("Brightness", "", (), "Mean of the picture, black 0, white 1."),
    "contrast": QualityMeasure(
        "Contrast", "", (), "From the 5th to the 95th percentile of brightness."
    ),
    "fineness": QualityMeasure("Sharpness", "", (), "Gradient of the edges; low is blurred."),
    "yaw": QualityMeasure("Head yaw", "°", (10.0, 20.0, 30.0), "Yaw to either side."),
    "pitch": QualityMeasure("Head pitch", "°", (-15.0, -5.0, 5.0, 15.0), "Pitch: up is positive."),
    "roll": QualityMeasure("Head roll", "°", (5.0, 10.0, 20.0), "Roll to either side."),
}
"""Name -> what it is; the order is that of tables and screens."""


def by_pixels(measured: PictureMeasures, right: NDArray[np.bool_]) -> list[AccuracyByQuality]:
    """Accuracy by quintiles of brightness, contrast and sharpness.

    Args:
        right: bool, shape `(n,)`: which pictures are classified correctly.
    """
    names = ("brightness", "contrast", "fineness")
    return [binned(name, getattr(measured, name).astype(np.float64), right) for name in names]


def by_pose(poses: NDArray[np.float64], right: NDArray[np.bool_]) -> list[AccuracyByQuality]:
    """Accuracy by head pose.

    Args:
        poses: float64, shape `(n, 3)`: yaw, pitch, roll in degrees; NaN where it was not measured.
        right: bool, shape `(n,)`: which pictures are classified correctly.
    """
    values = {"yaw": np.abs(poses[:, 0]), "pitch": poses[:, 1], "roll": np.abs(poses[:, 2])}
    return [binned(name, column, right) for name, column in values.items()]


def binned(name: str, values: NDArray[np.float64], right: NDArray[np.bool_]) -> AccuracyByQuality:
    """Accuracy in each bin of a measure.

    Args:
        name: a key of `QUALITY_MEASURES`.
        values: float64, shape `(n,)`; NaN where it was not measured.
        right: bool, shape `(n,)`: which pictures are classified correctly.
    """
    measured = np.isfinite(values)
    inside, hits = values[measured], right[measured]
    edges = np.array(QUALITY_MEASURES[name].edges)
    if not len(edges) and len(inside):
        edges = np.unique(np.quantile(inside, FIFTHS))
    bin_index = np.searchsorted(edges, inside, side="right")
    bins = tuple(
        _bin(edges, at, hits[bin_index == at])
        for at in range(len(edges) + 1)
        if (bin_index == at).any()
    )
    rest = right[~measured]
    return AccuracyByQuality(
        name=name,
        bins=bins,
        not_measured=len(rest),
        accuracy_elsewhere=share_interval(int(rest.sum()), len(rest)) if len(rest) else None,
        p=_homogeneity(bins),
    )


def corrected(found: list[AccuracyByQuality]) -> tuple[AccuracyByQuality, ...]:
    """The same with p-values corrected for all measures (Holm)."""
    adjusted = holm([one.p for one in found])
    return tuple(replace(one, p=p) for one, p in zip(found, adjusted, strict=True))


def _bin(edges: NDArray[np.float64], at: int, hits: NDArray[np.bool_]) -> QualityBin:
    return QualityBin(
        low=float(edges[at - 1]) if at > 0 else None,
        high=float(edges[at]) if at < len(edges) else None,
        pictures=len(hits),
        accuracy=share_interval(int(hits.sum()), len(hits)),
    )


def _homogeneity(bins: tuple[QualityBin, ...]) -> float:
    return homogeneity([(round(one.accuracy.value * one.pictures), one.pictures) for one in bins])


FIFTH = 0.2


class QualityFifth(StrEnum):
    """The lowest or highest fifth of a split by one measure of its pixels."""

    DARKEST = "darkest fifth"
    BRIGHTEST = "brightest fifth"
    LEAST_CONTRAST = "lowest-contrast fifth"
    MOST_CONTRAST = "highest-contrast fifth"
    BLURRIEST = "blurriest fifth"
    SHARPEST = "sharpest fifth"


# Measure, and whether it is the lowest fifth.
_MEASURE_OF = {
    QualityFifth.DARKEST: ("brightness", True),
    QualityFifth.BRIGHTEST: ("brightness", False),
    QualityFifth.LEAST_CONTRAST: ("contrast", True),
    QualityFifth.MOST_CONTRAST: ("contrast", False),
    QualityFifth.BLURRIEST: ("fineness", True),
    QualityFifth.SHARPEST: ("fineness", False),
}


@dataclass(frozen=True, eq=False)
class PictureMeasures:
    """Measures of a split's pictures, one row a picture (`core.datasets.audit.picture_quality`).

    Attributes:
        brightness: float32 `(n,)`, mean, in [0, 1].
        contrast: float32 `(n,)`, from the darkest twentieth to the brightest, in [0, 1].
        fineness: float32 `(n,)`: sharpness, as the squared gradient of edges in 1/px²; low is
            blurred.
    """

    brightness: NDArray[np.float32]
    contrast: NDArray[np.float32]
    fineness: NDArray[np.float32]

    def of(self, fifth: QualityFifth) -> NDArray[np.bool_]:
        """Which pictures are in this fifth, ties included: bool, shape `(n,)`."""
        name, lowest = _MEASURE_OF[fifth]
        values: NDArray[np.float32] = getattr(self, name)
        if len(values) == 0:
            return np.zeros(0, dtype=np.bool_)
        if lowest:
            return np.asarray(values <= np.quantile(values, FIFTH, method="lower"))
        return np.asarray(values >= np.quantile(values, 1 - FIFTH, method="higher"))


def measure_quality(pixels: NDArray[np.uint8]) -> PictureMeasures:
    """Measure every picture.

    Args:
        pixels: uint8, shape `(n, size, size)`.
    """
    found = measure_pictures(pixels)
    return PictureMeasures(found.brightness, found.contrast, found.fineness)


@dataclass(frozen=True)
class QualityBin:
    """The pictures between two values of a measure.

    Attributes:
        low, high: the values; None for an open end.
        pictures: how many.
        accuracy: with its Wilson interval.
    """

    low: float | None
    high: float | None
    pictures: int
    accuracy: Interval


@dataclass(frozen=True)
class AccuracyByQuality:
    """Accuracy of a model by one measure of picture quality.

    Attributes:
        name: a key of `QUALITY_MEASURES`.
        bins: from low to high, without empty ones.
        not_measured: number of pictures that could not be measured.
        accuracy_elsewhere: on those; None without any.
        p: of a chi-squared test of homogeneity of the bins, corrected for all measures (Holm).
    """

    name: str
    bins: tuple[QualityBin, ...]
    not_measured: int
    accuracy_elsewhere: Interval | None
    p: float

    @property
    def differs(self) -> bool:
        """Whether the bins differ significantly."""
        return self.p < ALPHA
