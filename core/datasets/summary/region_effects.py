"""How far classes differ in each part of the face, and what that probably is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from core.datasets.summary.face_regions import REGIONS, Region, Statistic

NEGLIGIBLE_BELOW = 0.01
"""Eta squared under which an effect is too small to speak of (Cohen 1988: 0.01 is small)."""
CHANCE_ABOVE = 0.05
"""Corrected p at or over which a difference may be chance."""
_STILL = 1e-9  # a spread this small beside the values is rounding


class Reading(StrEnum):
    """What a difference between classes probably is."""

    NEGLIGIBLE = "negligible"
    """Too small to speak of, however small p is."""
    CHANCE = "may be chance"
    """Large here, but with so few pictures it could be luck."""
    LIGHTING = "lighting"
    """All but gone once every picture has the same brightness and contrast."""
    PARTLY = "partly lighting"
    """Less than half once every picture has the same brightness and contrast, but still there."""
    HIDDEN = "hidden by lighting"
    """Seen only once every picture has the same brightness and contrast."""
    BEYOND = "beyond lighting"
    """There with and without the lighting: in what is shown."""


_SENTENCES = {
    Reading.NEGLIGIBLE: (
        "{name}: classes explain {raw} of the variance, and {levelled} once every picture has "
        "the same brightness and contrast. An effect of about 1 % or less is negligible, "
        "however small p is."
    ),
    Reading.CHANCE: (
        "{name}: classes explain {raw} of the variance here, but with so few pictures that may "
        "be chance."
    ),
    Reading.LIGHTING: (
        "{name}: classes explain {raw} of the variance, but {levelled} once every picture "
        "has the same brightness and contrast: probably how pictures were lit and collected, not "
        "expression."
    ),
    Reading.PARTLY: (
        "{name}: classes explain {raw} of the variance, but only {levelled} once every "
        "picture has the same brightness and contrast: more lighting than face. Highest for "
        "{highest}, lowest for {lowest}."
    ),
    Reading.HIDDEN: (
        "{name}: classes explain {raw} of the variance, but {levelled} once every picture "
        "has the same brightness and contrast: lighting hides it."
    ),
    Reading.BEYOND: (
        "{name}: classes explain {raw} of the variance, and {levelled} once every picture "
        "has the same brightness and contrast: it lies in what is shown, not in the lighting. "
        "Highest for {highest}, lowest for {lowest}."
    ),
}


@dataclass(frozen=True)
class Effect:
    """How far classes differ in one number.

    Attributes:
        eta_squared: share of the variance that lies between classes, in [0, 1].
        p: of a one-way analysis of variance, corrected for all tests of the dataset together
            (Benjamini and Hochberg 1995).
        cohens_d: second class less the first, in pooled standard deviations; None unless there are
            two classes that vary.
    """

    eta_squared: float
    p: float
    cohens_d: float | None

    @property
    def is_shown(self) -> bool:
        """Large enough to speak of, and hardly chance."""
        return self.eta_squared >= NEGLIGIBLE_BELOW and self.p < CHANCE_ABOVE


@dataclass(frozen=True)
class RegionEffect:
    """One statistic in one region, compared between classes.

    Attributes:
        region: where.
        statistic: what.
        raw: of the pictures as they are.
        levelled: of pictures brought to one brightness and contrast, each by itself.
        means: label -> mean over its pictures as they are; classes without pictures are not in it.
        levelled_means: the same of levelled pictures.
    """

    region: Region
    statistic: Statistic
    raw: Effect
    levelled: Effect
    means: dict[str, float]
    levelled_means: dict[str, float]

    @property
    def name(self) -> str:
        """As it is written on screen: "edges, mouth"."""
        return f"{self.statistic}, {self.region.name}"

    @property
    def reading(self) -> Reading:
        """What the difference probably is."""
        fell = self.levelled.eta_squared < self.raw.eta_squared / 2
        if self.levelled.is_shown:
            if self.raw.eta_squared < NEGLIGIBLE_BELOW:
                return Reading.HIDDEN
            return Reading.PARTLY if fell else Reading.BEYOND
        if self.raw.is_shown and fell:
            return Reading.LIGHTING
        # Two weak effects on either side of the limit are no sign of lighting.
        largest = self.levelled if self.raw.is_shown else max(self.raw, self.levelled, key=_size)
        return Reading.CHANCE if largest.eta_squared >= NEGLIGIBLE_BELOW else Reading.NEGLIGIBLE

    @property
    def highest(self) -> str:
        """The class with the highest mean in levelled pictures."""
        return max(self.levelled_means, key=self.levelled_means.__getitem__, default="no class")

    @property
    def lowest(self) -> str:
        """The class with the lowest mean in levelled pictures."""
        return min(self.levelled_means, key=self.levelled_means.__getitem__, default="no class")

    @property
    def sentence(self) -> str:
        """The reading for a person, with the numbers."""
        return _SENTENCES[self.reading].format(
            name=self.name.capitalize(),
            raw=_percent(self.raw.eta_squared),
            levelled=_percent(self.levelled.eta_squared),
            lowest=self.lowest,
            highest=self.highest,
        )


class RegionSums:
    """Takes measures of pictures in, block after block, and compares the classes.

    Args:
        labels: the scheme's.
    """

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        shape = (len(labels), 2, len(REGIONS), len(Statistic))
        self._pictures = np.zeros(len(labels))
        self._sums, self._squares = np.zeros(shape), np.zeros(shape)

    def add(self, labels: NDArray[np.int64], measures: NDArray[np.float64]) -> None:
        """Take in what `measure_regions` gives for pictures with these labels."""
        belongs = (np.arange(len(self._labels))[:, None] == labels).astype(np.float64)
        self._pictures += belongs.sum(axis=1)
        self._sums += np.tensordot(belongs, measures, axes=(1, 1))
        self._squares += np.tensordot(belongs, np.square(measures), axes=(1, 1))

    def effects(self) -> tuple[RegionEffect, ...]:
        """One for every region and statistic; of no size where there is nothing to compare."""
        eta_squared, p, cohens_d = _analysis_of_variance(self._pictures, self._sums, self._squares)
        p = np.asarray(stats.false_discovery_control(p, axis=None)).reshape(p.shape)

        def effect(at: tuple[int, int, int]) -> Effect:
            d = None if cohens_d is None else float(cohens_d[at])
            return Effect(float(eta_squared[at]), float(p[at]), d)

        return tuple(
            RegionEffect(
                region=region,
                statistic=statistic,
                raw=effect((0, row, column)),
                levelled=effect((1, row, column)),
                means=self._means((0, row, column)),
                levelled_means=self._means((1, row, column)),
            )
            for row, region in enumerate(REGIONS)
            for column, statistic in enumerate(Statistic)
        )

    def _means(self, at: tuple[int, int, int]) -> dict[str, float]:
        return {
            label: float(self._sums[(number, *at)] / self._pictures[number])
            for number, label in enumerate(self._labels)
            if self._pictures[number] > 0
        }


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _size(effect: Effect) -> float:
    return effect.eta_squared


def _analysis_of_variance(
    pictures: NDArray[np.float64], sums: NDArray[np.float64], squares: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    """Eta squared, p, and Cohen's d where there are two classes, each of the shape of one mean.

    Args:
        pictures: `(classes,)`.
        sums: `(classes, ...)`, of the values.
        squares: `(classes, ...)`, of their squares.
    """
    present = pictures > 0
    n, classes = pictures.sum(), int(present.sum())
    weight = pictures[present].reshape(-1, *[1] * (sums.ndim - 1))
    means = sums[present] / weight
    grand = sums.sum(axis=0) / max(1.0, n)
    all_squares = squares.sum(axis=0)
    total = all_squares - n * grand**2
    still = total <= _STILL * all_squares
    between = np.where(still, 0.0, (weight * (means - grand) ** 2).sum(axis=0))
    total = np.where(still, 1.0, np.maximum(total, between))
    if classes < 2 or n <= classes:
        return np.zeros_like(total), np.ones_like(total), None
    eta_squared = between / total
    within = np.maximum(total - between, _STILL * total) / (n - classes)
    p = stats.f.sf(between / (classes - 1) / within, classes - 1, n - classes)
    if len(pictures) != 2:
        return eta_squared, p, None
    return eta_squared, p, np.where(still, 0.0, (means[1] - means[0]) / np.sqrt(within))
