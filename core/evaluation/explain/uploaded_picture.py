"""A picture that a person gives: looked at in memory, never written anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.readers import decoded_in_colour, middle_square
from core.domain import (
    FER7,
    EmotionScores,
    Frame,
    ModelInput,
    Observation,
    RejectReason,
    RgbPicture,
    normalised,
)
from core.domain.errors import MediaError
from core.vision import FaceAnalyser, OverlayStyle, build_still_analyser, draw
from core.vision.faces import DEFAULT_LIMITS, ROOM, with_room

_MOST_SIDE_PX = 4096  # of what is looked at; the detector itself sees at most 2048


@dataclass(frozen=True, eq=False)
class UploadedFace:
    """One face of a picture that was given.

    Attributes:
        number: from 1, from left to right; drawn beside the face.
        pixels: grey uint8 `(size, size)`, cut out as models read it; None where it is not read.
        reason: why it is not read; None where it is.
    """

    number: int
    pixels: NDArray[np.uint8] | None
    reason: RejectReason | None


@dataclass(frozen=True, eq=False)
class UploadedPicture:
    """A picture and everybody in it.

    Attributes:
        rgb: as it was looked at.
        seen: every face found; the analyser that watches cameras and recordings found them.
        faces: the same, to be read.
        wanted: how faces are cut out.
    """

    rgb: RgbPicture
    seen: tuple[Observation, ...]
    faces: tuple[UploadedFace, ...]
    wanted: ModelInput

    @property
    def readable(self) -> tuple[UploadedFace, ...]:
        """The faces that can be read."""
        return tuple(face for face in self.faces if face.pixels is not None)

    def numbered(self) -> RgbPicture:
        """The picture with a box and a number for each face."""
        return draw(self.rgb, self.seen, style=OverlayStyle.PRESENCE)

    def whole(self) -> NDArray[np.uint8]:
        """The middle of the picture as one face, for a picture that is nothing else."""
        grey = np.asarray(cv2.cvtColor(self.rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        return middle_square(grey, self.wanted.size_px, self.wanted.interpolation)


class _CutsOut:
    """Stands where a model does, and keeps the faces that it is given to read."""

    def __init__(self, wanted: ModelInput) -> None:
        self.scheme = FER7
        self.input = wanted
        self.faces: list[NDArray[np.uint8]] = []

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """Nothing is said of them."""
        self.faces = [np.rint(face[..., 0] * 255).astype(np.uint8) for face in faces]
        return [normalised(self.scheme, np.ones(len(self.scheme)))] * len(faces)


def find_faces(
    content: bytes, *, wanted: ModelInput, landmarker: Path, detector: Path
) -> UploadedPicture:
    """Everybody in a picture file, found as in a camera's picture.

    A picture without a face has none: nothing else of it is taken for one.

    Args:
        content: of the file.
        wanted: how the model that reads them has them cut out; its colours aside, as they are grey.
        landmarker, detector: paths of `face_landmarker.task` and `centerface.onnx`.
    Raises:
        MediaError: the content is no picture.
        AssetError: a file that finds faces cannot be used.
    """
    rgb = decoded_in_colour(content)
    if rgb is None:
        raise MediaError(
            "This file is no picture that can be read.",
            advice="Give a JPEG, PNG or WebP of up to 100 million pixels.",
        )
    rgb = _not_too_large(rgb)
    cuts = _CutsOut(replace(wanted, channels=1))
    analyser = build_still_analyser(landmarker, detector, cuts)
    try:
        return _first_found(rgb, analyser, cuts)
    finally:
        analyser.close()


def _first_found(rgb: RgbPicture, analyser: FaceAnalyser, cuts: _CutsOut) -> UploadedPicture:
    """As it is; else, for a face that fills its picture, enlarged or with room around it."""
    for room in (None, 0.0, ROOM):
        looked_at = rgb if room is None else with_room(rgb, room)[0]
        analyser.reset()
        cuts.faces = []
        seen = analyser.analyse(Frame(np.ascontiguousarray(looked_at), 0.0, 0))
        if seen:
            enlarged = max(
                1.0, min(looked_at.shape[:2]) / (1 + 2 * (room or 0)) / min(rgb.shape[:2])
            )
            return UploadedPicture(looked_at, seen, _faces(seen, cuts.faces, enlarged), cuts.input)
    return UploadedPicture(rgb, (), (), cuts.input)


def _faces(
    seen: Sequence[Observation], cut: Sequence[NDArray[np.uint8]], enlarged: float
) -> tuple[UploadedFace, ...]:
    """Faces with their cut-outs, which come in the same order."""
    rest = iter(cut)
    faces = []
    for one in seen:
        pixels = next(rest) if one.quality.usable else None
        reason = one.quality.reason
        # Enlarging a face does not make it readable.
        if one.quality.face_px / enlarged < DEFAULT_LIMITS.size_px:
            pixels, reason = None, RejectReason.TOO_SMALL
        faces.append(UploadedFace(one.track_id, pixels, reason))
    return tuple(faces)


def _not_too_large(rgb: RgbPicture) -> RgbPicture:
    scale = _MOST_SIDE_PX / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)
