"""Conditions as pictures happen to have them: light, contrast, focus, and where a head points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency

from core.evaluation.condition_values import NaturalBin, NaturalCondition
from core.evaluation.many_tests import holm
from core.evaluation.metrics import wilson_interval
from core.evaluation.picture_conditions import PictureConditions

FIFTHS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Natural:
    """Something pictures differ in.

    Attributes:
        title: as it is written on screen.
        unit: behind a value; empty for a plain number.
        edges: between the bins; empty for fifths of the pictures.
        about: what is measured, in words.
    """

    title: str
    unit: str
    edges: tuple[float, ...]
    about: str


NATURAL: Mapping[str, Natural] = {
    "brightness": Natural("Brightness", "", (), "Mean of the picture, black 0, white 1."),
    "contrast": Natural("Contrast", "", (), "From the darkest twentieth to the brightest."),
    "fineness": Natural("Sharpness", "", (), "How fast edges turn; low is blurred."),
    "yaw": Natural("Turned aside", "°", (10.0, 20.0, 30.0), "Yaw of the head to either side."),
    "pitch": Natural("Nodding", "°", (-15.0, -5.0, 5.0, 15.0), "Pitch: up is positive."),
    "roll": Natural("Tilted", "°", (5.0, 10.0, 20.0), "Roll of the head to either side."),
}
"""Name -> what it is; the order is that of tables and screens."""


def by_light(measured: PictureConditions, right: NDArray[np.bool_]) -> list[NaturalCondition]:
    """Fifths by brightness, contrast and sharpness.

    Args:
        right: bool, shape `(n,)`: which pictures were named right.
    """
    names = ("brightness", "contrast", "fineness")
    return [binned(name, getattr(measured, name).astype(np.float64), right) for name in names]


def by_pose(poses: NDArray[np.float64], right: NDArray[np.bool_]) -> list[NaturalCondition]:
    """Bins by where the head points.

    Args:
        poses: float64, shape `(n, 3)`: yaw, pitch, roll in degrees; NaN where it was not measured.
        right: bool, shape `(n,)`: which pictures were named right.
    """
    values = {"yaw": np.abs(poses[:, 0]), "pitch": poses[:, 1], "roll": np.abs(poses[:, 2])}
    return [binned(name, column, right) for name, column in values.items()]


def binned(name: str, values: NDArray[np.float64], right: NDArray[np.bool_]) -> NaturalCondition:
    """Accuracy in each bin of a measure.

    Args:
        name: a key of `NATURAL`.
        values: float64, shape `(n,)`; NaN where it was not measured.
        right: bool, shape `(n,)`.
    """
    measured = np.isfinite(values)
    inside, hits = values[measured], right[measured]
    edges = np.array(NATURAL[name].edges)
    if not len(edges) and len(inside):
        edges = np.unique(np.quantile(inside, FIFTHS))
    place = np.searchsorted(edges, inside, side="right")
    bins = tuple(
        _bin(edges, at, hits[place == at]) for at in range(len(edges) + 1) if (place == at).any()
    )
    rest = right[~measured]
    return NaturalCondition(
        name=name,
        bins=bins,
        not_measured=len(rest),
        accuracy_elsewhere=wilson_interval(int(rest.sum()), len(rest)) if len(rest) else None,
        p=_homogeneity(bins),
    )


def corrected(found: list[NaturalCondition]) -> tuple[NaturalCondition, ...]:
    """The same with p-values that count how many measures were tested."""
    adjusted = holm([one.p for one in found])
    return tuple(replace(one, p=p) for one, p in zip(found, adjusted, strict=True))


def _bin(edges: NDArray[np.float64], at: int, hits: NDArray[np.bool_]) -> NaturalBin:
    return NaturalBin(
        low=float(edges[at - 1]) if at > 0 else None,
        high=float(edges[at]) if at < len(edges) else None,
        pictures=len(hits),
        accuracy=wilson_interval(int(hits.sum()), len(hits)),
    )


def _homogeneity(bins: tuple[NaturalBin, ...]) -> float:
    return homogeneity([(round(one.accuracy.value * one.pictures), one.pictures) for one in bins])


def homogeneity(counts: list[tuple[int, int]]) -> float:
    """How often shares as different as these come about by chance (Pearson's chi-squared test).

    Args:
        counts: for each group: hits, and of how many.
    Returns:
        1.0 where there is nothing to compare: one group, or everything or nothing hit.
    """
    table = np.array([(hits, of - hits) for hits, of in counts if of > 0], dtype=np.int64)
    if len(table) < 2 or (table.sum(axis=0) == 0).any():
        return 1.0
    return float(chi2_contingency(table, correction=False).pvalue)
