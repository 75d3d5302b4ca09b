"""Smile: how far the corners of the mouth are above the own face at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, Timeline
from core.measures.calibration import Calibration
from core.measures.population import resting_of
from core.measures.windows import Windows, where_usable

WINDOW_S = 1.0
SMILING_AT = 0.2
"""A fifth of the shape's range: in still faces at rest its spread is far below."""

_SMILE = ("mouthSmileLeft", "mouthSmileRight")


@dataclass(frozen=True, eq=False)
class SmileColumns:
    """See `core.measures.face_measures.SMILE`; each float64 `(n,)`."""

    smile: NDArray[np.float64]
    is_smiling: NDArray[np.float64]


def measure_smile(timeline: Timeline, calibration: Calibration | None) -> SmileColumns:
    """The smile of one face."""
    resting = resting_of(calibration)
    at_rest = float(np.mean([resting[name].median for name in _SMILE]))
    shapes = timeline.blendshapes[:, [BLENDSHAPES.index(name) for name in _SMILE]]
    above = shapes.astype(np.float64).mean(axis=1) - at_rest
    smile = Windows.before_rows(timeline, WINDOW_S).mean(where_usable(timeline, above))
    return SmileColumns(smile, np.where(np.isnan(smile), np.nan, smile >= SMILING_AT))
