"""Whether a face is usable, or the first reason why not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import FaceQuality, HeadPose, RejectReason


@dataclass(frozen=True)
class QualityLimits:
    """Limits of a usable face.

    The limits of brightness and sharpness were set on FER2013's training pictures, which people can
    label, at `QUALITY_PX`.
    """

    confidence: float = 0.5  # the detectors' own threshold for "a face"
    # The crop of a face of 30 px has about 40. Scaled down to that and up again, compact-2 has an
    # accuracy of 68.2 % on PublicTest; at 44 px 68.8 %, at 36 px 67.2 %, at 32 px 66.4 %.
    size_px: float = 30.0
    darkest: float = 0.15  # mean luma; 0.3 % of the training pictures are darker
    brightest: float = 0.88  # 0.1 % are brighter
    sharpness: float = 0.05  # 99.5 % are sharper; 95 % blurred by 1.5 px are not
    turn_deg: float = 40.0  # beyond, landmarks are unreliable; also the largest cone of `facing`


DEFAULT_LIMITS = QualityLimits()
INVERTED_DEG = 120.0
"""Roll beyond which a face counts as inverted."""


def sharpness(face: NDArray[np.float32]) -> float:
    """Variance of the Laplacian over the variance of the picture: contrast cancels out.

    After Pech-Pacheco et al. 2000; measured on the cropped face, so its size cancels out too.

    Args:
        face: float32, shape `(size, size)`, grey in [0, 1].
    Returns:
        About 0.7 for a sharp face of 48 px, 0.01 for one blurred by two pixels; higher is sharper.
    """
    return float(cv2.Laplacian(face, cv2.CV_32F).var() / max(float(face.var()), 1e-4))


@dataclass(frozen=True)
class DetectedFace:
    """A detected face, before its quality is assessed.

    Attributes:
        confidence: the detector's, in [0, 1].
        face_px: shorter side of the box.
        pose: head pose from landmarks or five points; None where it is unknown: such a face counts
            as turned away.
        has_landmarks: whether landmarks fit.
    """

    confidence: float
    face_px: float
    pose: HeadPose | None
    has_landmarks: bool


def assess_quality(
    face: NDArray[np.float32], found: DetectedFace, *, limits: QualityLimits = DEFAULT_LIMITS
) -> FaceQuality:
    """Usable, or the first reason why not, in the order of RejectReason.

    Args:
        face: float32, shape `(size, size)`, the crop.
    """
    return quality_from(
        found, brightness=float(face.mean()), sharpness=sharpness(face), limits=limits
    )


def quality_from(
    found: DetectedFace,
    *,
    brightness: float,
    sharpness: float,
    limits: QualityLimits = DEFAULT_LIMITS,
) -> FaceQuality:
    """The same from what was measured of the crop.

    Args:
        brightness: mean of the crop, in [0, 1].
        sharpness: as the function of that name measures it.
    """
    pose = found.pose
    checks = (
        (found.face_px < limits.size_px, RejectReason.TOO_SMALL),
        (found.confidence < limits.confidence, RejectReason.UNSURE),
        (brightness < limits.darkest, RejectReason.TOO_DARK),
        (brightness > limits.brightest, RejectReason.TOO_BRIGHT),
        (sharpness < limits.sharpness, RejectReason.BLURRED),
        (_is_turned(pose, limits.turn_deg), RejectReason.TURNED_AWAY),
        (is_inverted(pose), RejectReason.UPSIDE_DOWN),
        (not found.has_landmarks, RejectReason.NO_LANDMARKS),
    )
    reason = next((why for holds, why in checks if holds), None)
    return FaceQuality(
        usable=reason is None,
        reason=reason,
        brightness=brightness,
        blur=sharpness,
        face_px=found.face_px,
    )


def _is_turned(pose: HeadPose | None, limit_deg: float) -> bool:
    if pose is None:
        return True
    roll = 0.0 if is_inverted(pose) else pose.roll
    return max(abs(pose.yaw), abs(pose.pitch or 0.0), abs(roll)) > limit_deg


def is_inverted(pose: HeadPose | None) -> bool:
    """Whether a face is upside down."""
    return pose is not None and abs(pose.roll) > INVERTED_DEG
