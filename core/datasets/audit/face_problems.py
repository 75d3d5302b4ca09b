"""Pictures without a face, or with one that is not where the others are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import Problem, ProblemKind
from core.vision.faces import FacePlaces


@dataclass(frozen=True)
class FaceLimits:
    """Found on 3,000 random pictures of FER2013, by looking at the worst hundred of each kind."""

    confidence: float = 0.3  # 2 % lie below: drawings, hidden and turned faces, few sound ones
    shift: float = 0.15  # of the side; 2.5 % are farther off: bodies, two people, profiles
    height: float = 0.7  # of the usual face's; 2 % are smaller: people seen from far


DEFAULT_LIMITS = FaceLimits()


def find_face_problems(
    places: FacePlaces, *, limits: FaceLimits = DEFAULT_LIMITS
) -> tuple[Problem, Problem]:
    """Missing faces, and faces in unusual places; what is usual, the dataset itself says."""
    missing = places.confidence < limits.confidence
    return (
        Problem(
            ProblemKind.NO_FACE,
            np.clip(1 - places.confidence, 0, 1).astype(np.float32),
            missing,
            f"The face detector's confidence is below {limits.confidence * 100:.0f} %.",
        ),
        _off_centre(places, missing, limits),
    )


def _off_centre(places: FacePlaces, missing: NDArray[np.bool_], limits: FaceLimits) -> Problem:
    sure = ~missing
    shift, small = (np.zeros(len(places), dtype=np.float64) for _ in range(2))
    if sure.any():
        usual = np.median(places.middle[sure], axis=0)
        shift[sure] = np.hypot(*(places.middle[sure] - usual).T)
        small[sure] = 1 - places.height[sure] / np.median(places.height[sure])
    # One half is where a limit lies, so that both kinds of being off compare.
    badness = np.maximum(shift / limits.shift, small / (1 - limits.height)) / 2
    return Problem(
        ProblemKind.OFF_CENTRE,
        np.clip(badness, 0, 1).astype(np.float32),
        sure & ((shift > limits.shift) | (small > 1 - limits.height)),
        f"The centre of the face is more than {limits.shift * 100:.0f} % of the picture away "
        f"from its usual place, or the face has less than {limits.height * 100:.0f} % of the "
        "usual height.",
    )
