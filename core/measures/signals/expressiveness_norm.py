"""The baseline of a face without enough history: our norm of still faces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, DEAD_BLENDSHAPES
from core.domain.plain_values import parse_json
from core.measures.signals.earlier_seconds import EarlierSeconds

_GAZE_AND_BLINKS = ("eyeLook", "eyeBlink")
_UPPER = ("brow", "eye")

COUNTED = tuple(
    name
    for name in BLENDSHAPES
    if name not in DEAD_BLENDSHAPES and not name.startswith(_GAZE_AND_BLINKS)
)
"""The 32 blendshapes that are counted: without the inactive ones, and without gaze and blinks,
which are no expression."""

COUNTED_AT = np.array([BLENDSHAPES.index(name) for name in COUNTED])
IS_UPPER = np.array([name.startswith(_UPPER) for name in COUNTED])
"""Bool `(32,)`: brows and eyes; the others are jaw and mouth."""

LEAST_RANGE = 0.1
"""Lower bound of a shape's range: in a still picture with camera noise, seconds of one shape
vary by up to 0.02."""

NOISE = 0.01
"""Noise level of activity: its standard deviation was up to 0.008 there."""


@dataclass(frozen=True)
class LevelCuts:
    """Thresholds of the levels: activity under `low` is reserved, over `high` expressive."""

    low: float
    high: float

    def level(self, activity: float) -> int:
        """The class number of `EXPRESSIVENESS3`."""
        return int(activity >= self.low) + int(activity > self.high)


@dataclass(frozen=True, eq=False)
class Baseline:
    """The resting face that activity is measured from, and the thresholds of the levels.

    Attributes:
        medians, ranges: float64 `(32,)`, of the `COUNTED` shapes; ranges from the 5th to the 95th
            percentile, at least `LEAST_RANGE`.
        cuts: for all counted shapes.
        upper_cuts: for brows and eyes alone, while the person speaks.
        is_own: from the person's own face; otherwise the norm.
        earlier: the own seconds that percentiles are of; None in the norm.
    """

    medians: NDArray[np.float64]
    ranges: NDArray[np.float64]
    cuts: LevelCuts
    upper_cuts: LevelCuts
    is_own: bool
    earlier: EarlierSeconds | None = None

    def above(self, shapes: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far each shape is above its median, in ranges: float64 `(..., 32)`, 0 or more."""
        return np.maximum(0.0, (shapes - self.medians) / self.ranges)


@dataclass(frozen=True, eq=False)
class Norm:
    """Our norm, from still faces; not representative of a population.

    Attributes:
        baseline: medians of faces labelled neutral, ranges and terciles of all.
        faces: how many.
        made_from: its source, in one sentence.
    """

    baseline: Baseline
    faces: int
    made_from: str

    @classmethod
    def from_plain(cls, read: Mapping[str, Any]) -> Norm:
        """From the values of `expressiveness_norm.json`, which a script writes."""
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
    """The norm of this version."""
    path = Path(__file__).with_name("expressiveness_norm.json")
    return Norm.from_plain(parse_json(path.read_text(encoding="utf-8")))


def baseline_from(
    medians_of: NDArray[np.float64],
    shapes: NDArray[np.float64],
    speaks: NDArray[np.bool_],
    *,
    newest: int = 0,
) -> Baseline:
    """A baseline with the terciles of these shapes, in time order.

    Args:
        medians_of: float64 `(m, 32)`, the face at rest.
        shapes: float64 `(n, 32)`, the face in motion.
        speaks: bool `(n,)`; `cuts` use the seconds without speech, if there are enough.
        newest: so many at the end are compared with the others, and so left out of `earlier`.
    """
    low, medians, high = _quantiles(shapes, 0.05, 0.5, 0.95)
    if medians_of is not shapes:
        (medians,) = _quantiles(medians_of, 0.5)
    bare = Baseline(
        medians=medians,
        ranges=np.maximum(high - low, LEAST_RANGE),
        cuts=LevelCuts(0.0, 0.0),
        upper_cuts=LevelCuts(0.0, 0.0),
        is_own=True,
    )
    above = bare.above(shapes)
    activity, upper = above.mean(axis=1), above[:, IS_UPPER].mean(axis=1)
    earlier = slice(0, len(shapes) - newest)
    not_speaking = ~speaks if (~speaks).sum() >= _ENOUGH_FOR_TERCILES else np.ones_like(speaks)
    return Baseline(
        bare.medians,
        bare.ranges,
        cuts=_terciles(activity[not_speaking]),
        upper_cuts=_terciles(upper),
        is_own=True,
        earlier=EarlierSeconds.of(activity[earlier], upper[earlier], speaks[earlier], noise=NOISE),
    )


_ENOUGH_FOR_TERCILES = 20


def _terciles(activity: NDArray[np.float64]) -> LevelCuts:
    low, high = (float(one) for one in _quantiles(activity, 1 / 3, 2 / 3))
    if high - low <= 2 * NOISE:  # the terciles differ by noise only
        return LevelCuts(low - NOISE, high + NOISE)
    return LevelCuts(max(low, NOISE), high)  # a resting face is reserved, however often it rests


def _quantiles(values: NDArray[np.float64], *shares: float) -> list[NDArray[np.float64]]:
    """As the quantile of numpy along the first axis, in a tenth of its time: sorting columns that
    lie together in memory is faster than partitioning them where they are.
    """
    ascending = np.sort(np.ascontiguousarray(values.T), axis=-1)
    found = []
    for share in shares:
        at = share * (len(values) - 1)
        low, high = ascending[..., math.floor(at)], ascending[..., math.ceil(at)]
        found.append(low + (at - math.floor(at)) * (high - low))
    return found
