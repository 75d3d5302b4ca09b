"""A calibration from the rows of its steps: corners of the screen, a neutral face, closed eyes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, Timeline
from core.domain.counted import percent
from core.domain.errors import CalibrationError
from core.measures.calibration import (
    LEAST_EYE_RANGE,
    LIVE_BLENDSHAPES,
    Calibration,
    EyeRange,
    FacingCone,
    RestingShape,
)
from core.measures.population import eyes_of, population
from core.measures.signals.expressiveness_norm import COUNTED
from core.measures.signals.facing import direction
from core.measures.windows import ENOUGH_OF_WINDOW, seconds_of_face, where_usable

CORNERS, CORNER_S, NEUTRAL_S, CLOSURE_S = 4, 2.0, 8.0, 2.0
"""The steps, and how long each is: 18 seconds, and the time to read them."""

CONE_MARGIN_DEG = 5.0
"""Beyond the corners: the head sways, and its pose is measured to a few degrees."""

LEAST_CONE_DEG, LARGEST_CONE_DEG = 10.0, 40.0
"""Who looks at corners with the eyes alone hardly turns the head; beyond 40 degrees a face is not
usable."""

CLOSED_SHARE = 0.2
"""The most closed fifth of the step counts: eyes close after its start and open before its end."""

MOVES_FROM_SPREAD = 0.05
"""A shape moves when its spread in the step is at least this, and more than that between still
neutral faces of different people. Noise of a camera stays within 0.02; half of the live faces that
talk, smile or look around have three such shapes."""

MOVING_SHAPES = 2
"""A face moves when so many shapes do: movements have two sides, and one shape may be noisy."""

_MAD_TO_SD = 1.4826  # of a normal distribution


def calibrate(
    *,
    corners: Sequence[Timeline] = (),
    neutral: Timeline | None = None,
    closure: Timeline | None = None,
) -> Calibration:
    """A person's own values.

    Args:
        corners: rows of one face while it looked at each of the `CORNERS`; empty if skipped.
        neutral: its rows with a neutral face; None if skipped.
        closure: its rows while the eyes were closed; None if skipped.
    Raises:
        CalibrationError: a step has too few usable rows, or does not show what was asked for.
    """
    rest = () if neutral is None else resting_face(neutral)
    return Calibration(
        cone=facing_cone(corners) if corners else None,
        rest=rest,
        eyes=None if closure is None else eye_range(closure, neutral),
        lip_gap_sd=None if neutral is None else _lip_gap_sd(neutral),
    )


def facing_cone(corners: Sequence[Timeline]) -> FacingCone:
    """The cone around the screen: its centre is that of the corners.

    Args:
        corners: rows of one face, `CORNER_S` seconds for each of the `CORNERS`.
    Raises:
        CalibrationError: a corner is missing, or the head was not seen long enough.
    """
    if len(corners) != CORNERS:
        raise CalibrationError(
            f"{len(corners)} of the {CORNERS} corners were looked at.",
            advice="Look at each corner in turn, or skip this step.",
        )
    angles = np.array([_pose_of(rows, f"corner {at}") for at, rows in enumerate(corners, start=1)])
    yaw, pitch = angles.mean(axis=0)
    centre = direction(np.array([yaw]), np.array([pitch]))[0]
    cosines = direction(angles[:, 0], angles[:, 1]) @ centre
    furthest = float(np.degrees(np.arccos(np.clip(cosines.min(), -1.0, 1.0))))
    half_angle = float(np.clip(furthest + CONE_MARGIN_DEG, LEAST_CONE_DEG, LARGEST_CONE_DEG))
    return FacingCone(round(float(yaw), 2), round(float(pitch), 2), round(half_angle, 2))


def resting_face(neutral: Timeline) -> tuple[RestingShape, ...]:
    """Median and spread of each blendshape of the neutral face.

    A movement of less than half of the step does not matter: medians leave it out.

    Args:
        neutral: rows of one face, `NEUTRAL_S` seconds.
    Raises:
        CalibrationError: it was not usable long enough, or moved all the time.
    """
    shapes = neutral.blendshapes.astype(np.float64)
    known = ~np.isnan(where_usable(neutral, shapes[:, 0]))
    weights = _expect_enough(neutral, known, NEUTRAL_S, "the neutral face")
    rest = resting_shapes(shapes[known], weights)
    _expect_still(rest)
    return rest


def resting_shapes(
    shapes: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[RestingShape, ...]:
    """Median and spread (median absolute deviation, scaled) of each blendshape that is measured.

    Args:
        shapes: float64 `(n, 52)`, without NaN.
        weights: float64 `(n,)`, seconds of each row.
    """
    columns = shapes[:, [BLENDSHAPES.index(name) for name in LIVE_BLENDSHAPES]]
    medians = _quantile(columns, 0.5, weights)
    spreads = _MAD_TO_SD * _quantile(np.abs(columns - medians), 0.5, weights)
    found = zip(LIVE_BLENDSHAPES, medians.round(4), spreads.round(4), strict=True)
    return tuple(RestingShape(name, float(at), min(float(by), 1.0)) for name, at, by in found)


def eye_range(closure: Timeline, neutral: Timeline | None) -> EyeRange:
    """The own eyes, closed and open; those of still faces where no neutral face is known.

    Args:
        closure: rows of one face, `CLOSURE_S` seconds.
        neutral: its rows with a neutral face.
    Raises:
        CalibrationError: the eyes were not seen long enough, or did not close.
    """
    closed = _eyes_of(closure, CLOSURE_S, "the closed eyes", CLOSED_SHARE / 2)
    if neutral is None:
        opened = eyes_of(None).open
    else:
        opened = _eyes_of(neutral, NEUTRAL_S, "the neutral face", 0.5)
    if opened - closed < LEAST_EYE_RANGE:
        raise CalibrationError(
            f"The eyes did not close: they were {percent(closed)} open, "
            f"and {percent(opened)} before.",
            advice="Close both eyes for two seconds, or skip this step.",
        )
    return EyeRange(round(opened, 4), round(closed, 4))


def _pose_of(rows: Timeline, where: str) -> NDArray[np.float64]:
    """Median yaw and pitch; a head that is turned away from the camera counts too."""
    known = ~np.isnan(rows.pose[:, 0]) & ~np.isnan(rows.pose[:, 1])
    weights = _expect_enough(rows, known, CORNER_S, where)
    return _quantile(rows.pose[known, :2], 0.5, weights)


def _eyes_of(rows: Timeline, length_s: float, where: str, share: float) -> float:
    known = ~np.isnan(where_usable(rows, rows.eyes_open))
    weights = _expect_enough(rows, known, length_s, where)
    return float(_quantile(rows.eyes_open[known][:, None], share, weights)[0])


def _lip_gap_sd(neutral: Timeline) -> float | None:
    known = ~np.isnan(where_usable(neutral, neutral.lip_gap))
    if not known.any():
        return None
    weights, gaps = seconds_of_face(neutral)[known], neutral.lip_gap[known]
    mean = np.average(gaps, weights=weights)
    return round(float(np.sqrt(np.average((gaps - mean) ** 2, weights=weights))), 5)


def _expect_enough(
    rows: Timeline, known: NDArray[np.bool_], length_s: float, where: str
) -> NDArray[np.float64]:
    """Seconds of each known row.

    Raises:
        CalibrationError: together they are less than `ENOUGH_OF_WINDOW` of the step.
    """
    seconds = seconds_of_face(rows)[known]
    if seconds.sum() < ENOUGH_OF_WINDOW * length_s:
        raise CalibrationError(
            f"Of {where}, {seconds.sum():.1f} of {length_s:.0f} s were usable: too few.",
            advice="Sit in the light, face the camera and do this step again, or skip it.",
        )
    return np.asarray(seconds)


def _expect_still(rest: tuple[RestingShape, ...]) -> None:
    """Refuse a face that moved: its median would be that of a movement, its spread too large.

    Raises:
        CalibrationError: at least `MOVING_SHAPES` moved. Gaze and blinks do not count.
    """
    between_people = {shape.name: shape.spread for shape in population().rest}
    moved = sum(
        shape.spread >= max(MOVES_FROM_SPREAD, between_people[shape.name])
        for shape in rest
        if shape.name in COUNTED
    )
    if moved >= MOVING_SHAPES:
        raise CalibrationError(
            f"The face moved instead of resting: {moved} of {len(COUNTED)} movements varied by "
            "more than they differ between still faces.",
            advice="Relax your face and do this step again, or skip it.",
        )


def _quantile(
    columns: NDArray[np.float64], share: float, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of each column, weighted in seconds."""
    found = np.quantile(columns, share, axis=0, weights=weights, method="inverted_cdf")
    return np.asarray(found, dtype=np.float64)
