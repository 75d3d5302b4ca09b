"""Effect sizes of the classes in each region of the face, and their interpretation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.datasets.summary.face_regions import REGIONS, PictureRegion, Statistic
from core.domain.counted import tenths

NEGLIGIBLE_BELOW = 0.01
"""Eta squared below which an effect is negligible (Cohen 1988: 0.01 is small)."""
CHANCE_ABOVE = 0.05
"""Corrected p at or over which a difference may be chance."""
_CONSTANT_BELOW = 1e-9  # relative variance below this is rounding


class Interpretation(StrEnum):
    """Interpretation of a difference between classes."""

    NEGLIGIBLE = "negligible"
    """Too small to matter, however small p is."""
    CHANCE = "may be chance"
    """Large, but not significant with so few pictures."""
    LIGHTING = "lighting"
    """Disappears after normalising brightness and contrast."""
    PARTLY = "partly lighting"
    """Falls below half after normalising brightness and contrast, but stays significant."""
    HIDDEN = "hidden by lighting"
    """Appears only after normalising brightness and contrast."""
    BEYOND = "beyond lighting"
    """Stays after normalising brightness and contrast."""


_SENTENCES = {
    Interpretation.NEGLIGIBLE: (
        "{name}: classes explain {raw} of the variance, and {normalised} once every picture has "
        "the same brightness and contrast. An effect of about 1 % or less is negligible, "
        "however small p is."
    ),
    Interpretation.CHANCE: (
        "{name}: classes explain {raw} of the variance here, but with so few pictures that may "
        "be chance."
    ),
    Interpretation.LIGHTING: (
        "{name}: classes explain {raw} of the variance, but {normalised} once every picture "
        "has the same brightness and contrast: probably how pictures were lit and collected, not "
        "expression."
    ),
    Interpretation.PARTLY: (
        "{name}: classes explain {raw} of the variance, but only {normalised} once every "
        "picture has the same brightness and contrast: more lighting than face. Highest for "
        "{highest}, lowest for {lowest}."
    ),
    Interpretation.HIDDEN: (
        "{name}: classes explain {raw} of the variance, but {normalised} once every picture "
        "has the same brightness and contrast: lighting hides it."
    ),
    Interpretation.BEYOND: (
        "{name}: classes explain {raw} of the variance, and {normalised} once every picture "
        "has the same brightness and contrast: it lies in what is shown, not in the lighting. "
        "Highest for {highest}, lowest for {lowest}."
    ),
}


@dataclass(frozen=True)
class Effect:
    """Effect of the class on one statistic.

    Attributes:
        eta_squared: share of the variance between classes, in [0, 1].
        p: of a one-way analysis of variance, corrected for all tests of the dataset (Benjamini and
            Hochberg 1995).
        cohens_d: second class less the first, in pooled standard deviations; None unless there are
            two classes.
    """

    eta_squared: float
    p: float
    cohens_d: float | None

    @property
    def is_shown(self) -> bool:
        """Neither negligible nor likely chance."""
        return self.eta_squared >= NEGLIGIBLE_BELOW and self.p < CHANCE_ABOVE


@dataclass(frozen=True)
class RegionEffect:
    """One statistic in one region, compared between classes.

    Attributes:
        region: of the face.
        statistic: that is compared.
        raw: effect in the original pictures.
        normalised: effect after normalising brightness and contrast of each picture.
        means: label -> mean over its original pictures; without empty classes.
        normalised_means: the same of normalised pictures.
    """

    region: PictureRegion
    statistic: Statistic
    raw: Effect
    normalised: Effect
    means: dict[str, float]
    normalised_means: dict[str, float]

    @property
    def name(self) -> str:
        """Its name on screen: "edges, mouth"."""
        return f"{self.statistic}, {self.region.name}"

    @property
    def interpretation(self) -> Interpretation:
        """The interpretation of the effect."""
        halved = self.normalised.eta_squared < self.raw.eta_squared / 2
        if self.normalised.is_shown:
            if self.raw.eta_squared < NEGLIGIBLE_BELOW:
                return Interpretation.HIDDEN
            return Interpretation.PARTLY if halved else Interpretation.BEYOND
        if self.raw.is_shown and halved:
            return Interpretation.LIGHTING
        # Two weak effects on either side of the threshold do not indicate lighting.
        largest = (
            self.normalised if self.raw.is_shown else max(self.raw, self.normalised, key=_size)
        )
        return (
            Interpretation.CHANCE
            if largest.eta_squared >= NEGLIGIBLE_BELOW
            else Interpretation.NEGLIGIBLE
        )

    @property
    def highest(self) -> str:
        """The class with the highest mean in normalised pictures."""
        return max(self.normalised_means, key=self.normalised_means.__getitem__, default="no class")

    @property
    def lowest(self) -> str:
        """The class with the lowest mean in normalised pictures."""
        return min(self.normalised_means, key=self.normalised_means.__getitem__, default="no class")

    @property
    def sentence(self) -> str:
        """The interpretation in words, with the numbers."""
        return _SENTENCES[self.interpretation].format(
            name=self.name.capitalize(),
            raw=tenths(self.raw.eta_squared),
            normalised=tenths(self.normalised.eta_squared),
            lowest=self.lowest,
            highest=self.highest,
        )


class RegionSums:
    """Accumulates measures of blocks of pictures, and compares the classes.

    Args:
        labels: the scheme's.
    """

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        shape = (len(labels), 2, len(REGIONS), len(Statistic))
        self._pictures = np.zeros(len(labels))
        self._sums, self._squares = np.zeros(shape), np.zeros(shape)

    def add(self, labels: NDArray[np.int64], measures: NDArray[np.float64]) -> None:
        """Add results of `measure_regions` for pictures with these labels."""
        one_hot = (np.arange(len(self._labels))[:, None] == labels).astype(np.float64)
        self._pictures += one_hot.sum(axis=1)
        self._sums += np.tensordot(one_hot, measures, axes=(1, 1))
        self._squares += np.tensordot(one_hot, np.square(measures), axes=(1, 1))

    def effects(self) -> tuple[RegionEffect, ...]:
        """One per region and statistic; zero where there is nothing to compare."""
        from scipy import stats

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
                normalised=effect((1, row, column)),
                means=self._means((0, row, column)),
                normalised_means=self._means((1, row, column)),
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


def _size(effect: Effect) -> float:
    return effect.eta_squared


def _analysis_of_variance(
    pictures: NDArray[np.float64], sums: NDArray[np.float64], squares: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    """Eta squared, p, and Cohen's d where there are two classes, each in the shape of one mean.

    Args:
        pictures: `(classes,)`.
        sums: `(classes, ...)`, of the values.
        squares: `(classes, ...)`, of their squares.
    """
    from scipy import stats

    present = pictures > 0
    n, classes = pictures.sum(), int(present.sum())
    weight = pictures[present].reshape(-1, *[1] * (sums.ndim - 1))
    means = sums[present] / weight
    grand = sums.sum(axis=0) / max(1.0, n)
    all_squares = squares.sum(axis=0)
    total = all_squares - n * grand**2
    constant = total <= _CONSTANT_BELOW * all_squares
    between = np.where(constant, 0.0, (weight * (means - grand) ** 2).sum(axis=0))
    total = np.where(constant, 1.0, np.maximum(total, between))
    if classes < 2 or n <= classes:
        return np.zeros_like(total), np.ones_like(total), None
    eta_squared = between / total
    within = np.maximum(total - between, _CONSTANT_BELOW * total) / (n - classes)
    p = stats.f.sf(between / (classes - 1) / within, classes - 1, n - classes)
    if len(pictures) != 2:
        return eta_squared, p, None
    return eta_squared, p, np.where(constant, 0.0, (means[1] - means[0]) / np.sqrt(within))
