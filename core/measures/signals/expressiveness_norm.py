"""With what a face is compared that has not been seen for long: our norm of still faces."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, DEAD_BLENDSHAPES

_GAZE_AND_BLINKS = ("eyeLook", "eyeBlink")
_UPPER = ("brow", "eye")

COUNTED = tuple(
    name
    for name in BLENDSHAPES
    if name not in DEAD_BLENDSHAPES and not name.startswith(_GAZE_AND_BLINKS)
)
"""The 32 blendshapes that count: without the dead ones, and without where the eyes look and blinks,
which are no expression."""

COUNTED_AT = np.array([BLENDSHAPES.index(name) for name in COUNTED])
IS_UPPER = np.array([name.startswith(_UPPER) for name in COUNTED])
"""Bool `(32,)`: brows and eyes; the others are jaw and mouth."""

LEAST_RANGE = 0.1
"""A shape's range counts as at least this: in a still picture with a camera's noise, seconds of one
shape spread by up to 0.02."""

NOISE = 0.01
"""Differences of activity that say nothing: its standard deviation was up to 0.008 there."""


@dataclass(frozen=True)
class LevelCuts:
    """Activity under `low` is reserved, over `high` expressive, between them balanced."""

    low: float
    high: float

    def levels(self, activity: NDArray[np.float64]) -> NDArray[np.int64]:
        """Class numbers of `EXPRESSIVENESS3`."""
        return (activity >= self.low).astype(np.int64) + (activity > self.high)


@dataclass(frozen=True, eq=False)
class Baseline:
    """What activity is measured from, and where the levels lie.

    Attributes:
        medians, ranges: float64 `(32,)`, of the `COUNTED` shapes; ranges from the 5th to the 95th
            percentile, at least `LEAST_RANGE`.
        cuts: for all counted shapes.
        upper_cuts: for brows and eyes alone, while the mouth speaks.
        is_own: from the person's own face; otherwise the norm.
    """

    medians: NDArray[np.float64]
    ranges: NDArray[np.float64]
    cuts: LevelCuts
    upper_cuts: LevelCuts
    is_own: bool

    def above(self, shapes: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far each shape is above its median, in ranges; float64 `(n, 32)`, 0 or more."""
        return np.maximum(0.0, (shapes - self.medians) / self.ranges)


@dataclass(frozen=True, eq=False)
class Norm:
    """Our norm: still faces, no population.

    Attributes:
        baseline: medians of faces labelled neutral, ranges and thirds of all.
        faces: how many.
        made_from: in one sentence.
    """

    baseline: Baseline
    faces: int
    made_from: str

    @classmethod
    def from_plain(cls, read: Mapping[str, Any]) -> Norm:
        """From the values of `expressiveness_norm.json`, which a script makes."""
        shapes = [read["shapes"][name] for name in COUNTED]
        baseline = Baseline(
            medians=np.array([one["median"] for one in shapes], dtype=np.float64),
            ranges=np.array([one["range"] for one in shapes], dtype=np.float64),
            cuts=LevelCuts(*read["cuts"]),
            upper_cuts=LevelCuts(*read["upper_cuts"]),
            is_own=False,
        )
        return cls(baseline, int(read["faces"]), str(read["made_from"]))


@lru_cache(maxsize=1)
def norm() -> Norm:
    """The norm that this version brings."""
    path = Path(__file__).with_name("expressiveness_norm.json")
    return Norm.from_plain(json.loads(path.read_text(encoding="utf-8")))


def baseline_from(
    medians_of: NDArray[np.float64], shapes: NDArray[np.float64], speaks: NDArray[np.bool_]
) -> Baseline:
    """A baseline in whose thirds these shapes lie.

    Args:
        medians_of: float64 `(m, 32)`, where the face at rest is.
        shapes: float64 `(n, 32)`, what it does.
        speaks: bool `(n,)`; the whole face is counted where it does not, if that is often enough.
    """
    low, high = np.quantile(shapes, (0.05, 0.95), axis=0)
    bare = Baseline(
        medians=np.median(medians_of, axis=0),
        ranges=np.maximum(high - low, LEAST_RANGE),
        cuts=LevelCuts(0.0, 0.0),
        upper_cuts=LevelCuts(0.0, 0.0),
        is_own=True,
    )
    above = bare.above(shapes)
    silent = ~speaks if (~speaks).sum() >= _ENOUGH_FOR_THIRDS else np.ones_like(speaks)
    return Baseline(
        bare.medians,
        bare.ranges,
        cuts=_thirds(above[silent].mean(axis=1)),
        upper_cuts=_thirds(above[:, IS_UPPER].mean(axis=1)),
        is_own=True,
    )


_ENOUGH_FOR_THIRDS = 20


def _thirds(activity: NDArray[np.float64]) -> LevelCuts:
    low, high = (float(one) for one in np.quantile(activity, (1 / 3, 2 / 3)))
    if high - low <= 2 * NOISE:  # two thirds of the time differ by noise: that is the usual
        return LevelCuts(low - NOISE, high + NOISE)
    return LevelCuts(max(low, NOISE), high)  # at rest is reserved, however often a face rests
