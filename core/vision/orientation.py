"""Detects recordings that are rotated without a note of it in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from core.domain import Face, Frame
from core.vision.contracts import FaceDetector
from core.vision.faces.five_points import roll_of

INSPECTED_S = 10.0
"""Length of the start of a recording that is inspected."""
INSPECT_EVERY_S = 1.0
"""Interval of the inspected frames."""

_UPRIGHT_DEG = 45.0
_MIN_RATIO = 2.0  # to no rotation: a person lying down for a while must not rotate a recording
_MIN_WEIGHT = 0.25  # per frame: a confident face in a third of them


def quarter_rotations(frames: Iterable[Frame], detector: FaceDetector) -> int:
    """Quarter turns counter-clockwise that make the faces of these frames upright: 0 to 3.

    The rotation with most upright faces, by their five points and weighted by the detector's
    confidence; none unless that is twice as much as without. On eight clips with faces, each in
    four rotations, upright faces weigh 0.4 to 5.0 per frame under the right rotation, and at most
    0.3 of that under any other: 32 of 32 are right.

    Args:
        frames: some from the start; may be empty.
        detector: gives points.
    """
    weights, count = np.zeros(4), 0
    for frame in frames:
        count += 1
        for turns in range(4):
            weights[turns] += _upright(detector.detect(_rotated(frame, turns)))
    best = int(weights.argmax())
    is_clear = weights[best] > _MIN_RATIO * weights[0]
    return best if is_clear and weights[best] >= _MIN_WEIGHT * count else 0


def rotated(frames: Iterable[Frame], turns: int) -> Iterator[Frame]:
    """The same frames after so many quarter turns counter-clockwise."""
    return (_rotated(frame, turns) for frame in frames)


def _rotated(frame: Frame, turns: int) -> Frame:
    if turns == 0:
        return frame
    return replace(frame, rgb=np.ascontiguousarray(np.rot90(frame.rgb, turns)))


def _upright(faces: Iterable[Face]) -> float:
    return sum(
        face.confidence
        for face in faces
        if face.points is not None and abs(roll_of(face.points)) < _UPRIGHT_DEG
    )
