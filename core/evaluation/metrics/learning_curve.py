"""Learning curves: accuracy against training size, extrapolated to more pictures.

The error falls as an inverse power of the number of training pictures towards a floor (Cortes et
al. 1994; review: Viering & Loog 2023). The floor comes from wrong labels and from the limits of the
network: where it dominates, better labels or another network help more than more pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.errors import PlanError

MIN_SIZES = 4  # three parameters are fitted: with three sizes the curve fits any values
_STEEPEST = 2.0
_RESAMPLES = 200


@dataclass(frozen=True)
class LearningCurvePoint:
    """Result of one training size.

    Attributes:
        pictures: used for training.
        right, evaluated: correct predictions, and evaluated pictures.
    """

    pictures: int
    right: int
    evaluated: int


@dataclass(frozen=True)
class LearningCurve:
    """Accuracy as `1 - (floor + scale * pictures ** -slope)`.

    Attributes:
        floor: error in the limit of infinitely many pictures, a fraction.
        slope: exponent of the rest.
        most: the largest number of training pictures.
        at_twice, at_ten_times: expected accuracy with that many pictures, and its 95 % interval
            (binomial resampling of each measured accuracy).
        at_most: accuracy in the limit of infinitely many pictures, and its interval.
    """

    floor: float
    slope: float
    most: int
    at_twice: Interval
    at_ten_times: Interval
    at_most: Interval


def extrapolate(points: Sequence[LearningCurvePoint], *, seed: int) -> LearningCurve:
    """Fit a learning curve, with intervals of its extrapolation.

    Args:
        points: of models that differ only in their number of training pictures.
        seed: of the resampling.
    Raises:
        PlanError: fewer than four different sizes.
    """
    sizes = np.array([one.pictures for one in points], dtype=np.float64)
    if len(set(sizes.tolist())) < MIN_SIZES:
        raise PlanError(
            f"A learning curve needs {MIN_SIZES} different numbers of training pictures, "
            f"got {len(set(sizes.tolist()))}.",
            advice="Train the same recipe with fewer pictures too: an eighth, a quarter, a half.",
        )
    evaluated = np.array([one.evaluated for one in points])
    wrong = evaluated - np.array([one.right for one in points])
    floor, scale, slope = _fitted(sizes, wrong, evaluated)
    rng = np.random.default_rng(seed)
    resampled_wrong = rng.binomial(evaluated, wrong / evaluated, size=(_RESAMPLES, len(sizes)))
    resampled = np.array([_fitted(sizes, row, evaluated) for row in resampled_wrong])
    most = sizes.max()

    def expected(pictures: float) -> Interval:
        value = _accuracy(pictures, floor, scale, slope)
        low, high = np.percentile(_accuracy(pictures, *resampled.T), [2.5, 97.5])
        return Interval(float(value), float(min(low, value)), float(max(high, value)))

    return LearningCurve(
        floor, slope, int(most), expected(2 * most), expected(10 * most), expected(np.inf)
    )


def _accuracy(
    pictures: float,
    floor: NDArray[np.float64] | float,
    scale: NDArray[np.float64] | float,
    slope: NDArray[np.float64] | float,
) -> NDArray[np.float64]:
    left = 0.0 if np.isinf(pictures) else scale * pictures ** -np.asarray(slope)
    return np.asarray(1.0 - (floor + left))


def _fitted(
    sizes: NDArray[np.float64], wrong: NDArray[np.int64], evaluated: NDArray[np.int64]
) -> tuple[float, float, float]:
    """Floor, scale and slope by least squares, weighted by binomial standard errors."""
    from scipy.optimize import curve_fit

    share = (wrong + 0.5) / (evaluated + 1.0)  # never 0: the spread would be 0 too
    spread = np.sqrt(share * (1 - share) / evaluated)
    unit = sizes.max()  # of order one, so that the search is well conditioned

    def error(size: NDArray[np.float64], floor: float, rest: float, slope: float) -> object:
        return floor + rest * (size / unit) ** -slope

    (floor, rest, slope), _ = curve_fit(
        error,
        sizes,
        share,
        p0=(share.min() / 2, share.min() / 2, 0.5),
        sigma=spread,
        absolute_sigma=True,
        bounds=((0.0, 0.0, 0.0), (1.0, 1.0, _STEEPEST)),
        max_nfev=5000,
    )
    return float(floor), float(rest * unit**slope), float(slope)
