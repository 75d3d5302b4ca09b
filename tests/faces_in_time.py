"""Rows of one face with named blendshapes, made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, Timeline
from core.measures import Calibration, EyeRange, RestingShape
from core.measures.calibration import LIVE_BLENDSHAPES
from tests.poses import one_face

AT_REST, SPREAD = 0.1, 0.04
OWN = Calibration(
    rest=tuple(RestingShape(name, AT_REST, SPREAD) for name in LIVE_BLENDSHAPES),
    eyes=EyeRange(open=0.9, closed=0.4),
)
"""A person whose shapes are all 0.1 at rest."""


def seconds(length_s: float, *, fps: float = 10.0) -> NDArray[np.float64]:
    """Times of rows."""
    return np.arange(round(length_s * fps)) / fps


def face_with(times_s: NDArray[np.float64], **shapes: NDArray[np.float64] | float) -> Timeline:
    """Rows of a usable face at rest, but for the shapes named; eyes are as open as its lids say."""
    columns = np.full((len(times_s), len(BLENDSHAPES)), AT_REST)
    for name, values in shapes.items():
        columns[:, BLENDSHAPES.index(name)] = values
    lids = [BLENDSHAPES.index("eyeBlinkLeft"), BLENDSHAPES.index("eyeBlinkRight")]
    return replace(
        one_face(times_s),
        blendshapes=columns.astype(np.float32),
        eyes_open=1.0 - columns[:, lids].mean(axis=1),
    )


def both(name: str, values: NDArray[np.float64] | float) -> dict[str, NDArray[np.float64] | float]:
    """A shape on both sides of the face."""
    return {f"{name}Left": values, f"{name}Right": values}
