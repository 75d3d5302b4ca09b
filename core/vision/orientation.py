"""Recordings that lie on their side or stand on their head, without a note of it in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from core.domain import Face, Frame
from core.vision.contracts import FaceDetector
from core.vision.faces.five_points import roll_of

LOOKED_AT_S = 10.0
"""So much of a recording's beginning is looked at,"""
EVERY_S = 1.0
"""so often."""

_UPRIGHT_DEG = 45.0
_TIMES_BETTER = 2.0  # than as it is: who lies down for a while does not turn a recording
_LEAST_WEIGHT = 0.25  # a frame: a sure face in a third of them


def quarter_turns(frames: Iterable[Frame], detector: FaceDetector) -> int:
    """How many quarter turns against the clock set the faces of these frames upright: 0 to 3.

    The turn under which most faces stand upright, by their five points and weighted by how sure
    the detector is; none unless that is twice as good as no turn. On eight clips with faces, each
    turned four ways by code, upright faces weigh 0.4 to 5.0 a frame when they are turned rightly,
    and at most 0.3 of that any other way: 32 of 32 come out right.

    Args:
        frames: some from the beginning; may be empty.
        detector: gives points.
    """
    weights, count = np.zeros(4), 0
    for frame in frames:
        count += 1
        for turns in range(4):
            weights[turns] += _upright(detector.detect(_turned(frame, turns)))
    best = int(weights.argmax())
    is_clear = weights[best] > _TIMES_BETTER * weights[0]
    return best if is_clear and weights[best] >= _LEAST_WEIGHT * count else 0


def turned(frames: Iterable[Frame], turns: int) -> Iterator[Frame]:
    """The same frames after so many quarter turns against the clock."""
    return (_turned(frame, turns) for frame in frames)


def _turned(frame: Frame, turns: int) -> Frame:
    if turns == 0:
        return frame
    return replace(frame, rgb=np.ascontiguousarray(np.rot90(frame.rgb, turns)))


def _upright(faces: Iterable[Face]) -> float:
    return sum(
        face.confidence
        for face in faces
        if face.points is not None and abs(roll_of(face.points)) < _UPRIGHT_DEG
    )
