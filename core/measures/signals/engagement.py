"""Engagement index 1: a weighted sum of what could be seen in the last ten seconds, with its parts.

No measure of attention or learning. It is always shown with its parts, and with how often its
verdict flips when a weight moves (`core.measures.weight_sensitivity`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import NO_FACE_ID, Timeline
from core.measures.calibration import Calibration
from core.measures.index_weights import DEFAULT_WEIGHTS, IndexWeights, index_of
from core.measures.population import resting_of
from core.measures.signals.expressiveness_norm import COUNTED, COUNTED_AT, norm
from core.measures.signals.eyes import measure_eyes
from core.measures.signals.facing import measure_facing
from core.measures.windows import Windows

Floats = NDArray[np.float64]

WINDOW_S = 10.0


@dataclass(frozen=True, eq=False)
class EngagementColumns:
    """The index and its parts in the ten seconds before each row; each float64 `(n,)`.

    NaN where under 60 % of the window was usable.

    Attributes:
        index: 0 to 100.
        present: share of the analysed time with the face in view, in [0, 1].
        facing: share of the time with a known head pose facing the screen, in [0, 1].
        eyes_open: share of the usable time with open eyes, in [0, 1].
        expression: activity above the own face at rest, in [0, 1]; 1 from where the expressive
            third of still faces begins.
    """

    index: Floats
    present: Floats
    facing: Floats
    eyes_open: Floats
    expression: Floats


def measure_engagement(
    timeline: Timeline,
    calibration: Calibration | None,
    *,
    weights: IndexWeights = DEFAULT_WEIGHTS,
) -> EngagementColumns:
    """The engagement index of one face.

    Args:
        timeline: the rows of one face, with those of frames without it
            (`core.measures.face_rows.with_absences`): without them it counts as always present.
        calibration: of the person; None for 25 degrees and medians of still faces.
        weights: of the parts.
    """
    windows = Windows.before_rows(timeline, WINDOW_S)
    parts = {
        "present": windows.mean((timeline.face_id != NO_FACE_ID).astype(np.float64)),
        "facing": measure_facing(timeline, calibration).share,
        "eyes_open": windows.mean(measure_eyes(timeline, calibration).is_open),
        "expression": windows.mean(
            expression_change(timeline.blendshapes, timeline.usable, calibration)
        ),
    }
    is_known = np.isfinite(np.stack([*parts.values()])).all(axis=0)
    parts = {name: np.where(is_known, one, np.nan) for name, one in parts.items()}
    return EngagementColumns(index=index_of(parts, weights), **parts)


def expression_change(
    blendshapes: NDArray[np.float32], usable: NDArray[np.bool_], calibration: Calibration | None
) -> Floats:
    """Activity above the face at rest in each row, float64 `(n,)`, in [0, 1]; NaN where it was not
    usable. The columns are those of a `Timeline`.
    """
    baseline, resting = norm().baseline, resting_of(calibration)
    medians = np.array([resting[name].median for name in COUNTED])
    shapes = blendshapes[:, COUNTED_AT].astype(np.float64)
    activity = np.maximum(0.0, (shapes - medians) / baseline.ranges).mean(axis=1)
    return np.where(usable, np.minimum(1.0, activity / baseline.cuts.high), np.nan)
