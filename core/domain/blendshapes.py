"""Names of the blendshapes that the landmarker measures, and which of them are informative."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

BLENDSHAPES = (
    *("_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft"),
    *("browOuterUpRight", "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft"),
    *("eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight"),
    *("eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft"),
    *("eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen"),
    *("jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft"),
    *("mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight"),
    *("mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight", "mouthRollLower"),
    *("mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight"),
    *("mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight"),
    *("noseSneerLeft", "noseSneerRight"),
)
"""MediaPipe's 52 blendshapes (ARKit's names), in the landmarker's order."""

DEAD_BLENDSHAPES = frozenset(
    {
        *("_neutral", "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "jawForward"),
        *("jawLeft", "jawRight", "mouthClose", "noseSneerLeft", "noseSneerRight"),
    }
)
"""Inactive in this landmarker (maximum at most 0.02 to 0.07 over 187 faces): no measure uses
them."""

BLENDSHAPE_STEPS = 1000
"""Values are stored in thousandths: finer digits are noise."""


def rounded_blendshapes(values: ArrayLike) -> NDArray[np.float32]:
    """Values rounded as they are stored, so that live values equal those read back.

    Args:
        values: shape `(52,)`, each in [0, 1].
    """
    steps = np.rint(np.asarray(values, dtype=np.float64) * BLENDSHAPE_STEPS)
    return (steps / BLENDSHAPE_STEPS).astype(np.float32)


def live_blendshapes(values: NDArray[np.float32]) -> dict[str, float]:
    """Values by name, those of `DEAD_BLENDSHAPES` left out.

    Args:
        values: shape `(52,)`, in the order of `BLENDSHAPES`.
    """
    pairs = zip(BLENDSHAPES, values.tolist(), strict=True)
    return {name: value for name, value in pairs if name not in DEAD_BLENDSHAPES}
