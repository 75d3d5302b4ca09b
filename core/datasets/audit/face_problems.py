"""Pictures without a face, or with a face off the usual position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import Problem, ProblemKind
from core.domain.counted import percent
from core.vision.faces import FacePositions


@dataclass(frozen=True)
class FaceLimits:
    """Determined on 3,000 random pictures of FER2013, by inspecting the worst hundred per kind."""

    confidence: float = 0.3  # 2 % are below: drawings, hidden and turned faces, few good ones
    shift: float = 0.15  # of the side; 2.5 % exceed it: bodies, two people, profiles
    height: float = 0.7  # of the median face; 2 % are smaller: distant people


DEFAULT_LIMITS = FaceLimits()


def find_face_problems(
    face_places: FacePositions, *, limits: FaceLimits = DEFAULT_LIMITS
) -> tuple[Problem, Problem]:
    """Missing faces, and faces far from the dataset's median position and size."""
    missing = face_places.confidence < limits.confidence
    return (
        Problem(
            ProblemKind.NO_FACE,
            np.clip(1 - face_places.confidence, 0, 1).astype(np.float32),
            missing,
            f"The face detector's confidence is below {percent(limits.confidence)}.",
        ),
        _off_centre(face_places, missing, limits),
    )


def _off_centre(
    face_places: FacePositions, missing: NDArray[np.bool_], limits: FaceLimits
) -> Problem:
    detected = ~missing
    shift, small = (np.zeros(len(face_places), dtype=np.float64) for _ in range(2))
    if detected.any():
        typical = np.median(face_places.middle[detected], axis=0)
        shift[detected] = np.hypot(*(face_places.middle[detected] - typical).T)
        small[detected] = 1 - face_places.height[detected] / np.median(face_places.height[detected])
    # Scaled so that either limit corresponds to a score of 0.5.
    severity = np.maximum(shift / limits.shift, small / (1 - limits.height)) / 2
    return Problem(
        ProblemKind.OFF_CENTRE,
        np.clip(severity, 0, 1).astype(np.float32),
        detected & ((shift > limits.shift) | (small > 1 - limits.height)),
        f"The centre of the face is more than {percent(limits.shift)} of the picture away "
        f"from its usual place, or the face has less than {percent(limits.height)} of the "
        "usual height.",
    )
