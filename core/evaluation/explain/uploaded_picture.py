"""Faces of an uploaded picture, which is kept in memory only."""

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
from core.vision.faces import DEFAULT_LIMITS, MARGIN, with_margin

_MAX_SIDE_PX = 4096  # of the picture; the detector reduces it to at most 2048


@dataclass(frozen=True, eq=False)
class UploadedFace:
    """One face of an uploaded picture.

    Attributes:
        number: from 1, from left to right; drawn beside the face.
        pixels: grey uint8 `(size, size)`, cropped for the model; None where it is not usable.
        reason: why it is not usable; None where it is.
    """

    number: int
    pixels: NDArray[np.uint8] | None
    reason: RejectReason | None


@dataclass(frozen=True, eq=False)
class UploadedPicture:
    """An uploaded picture with its faces.

    Attributes:
        rgb: the picture in which they were detected.
        observations: every detected face, as from a camera or a recording.
        faces: the same faces, cropped.
        model_input: how faces are cropped.
    """

    rgb: RgbPicture
    observations: tuple[Observation, ...]
    faces: tuple[UploadedFace, ...]
    model_input: ModelInput

    @property
    def readable(self) -> tuple[UploadedFace, ...]:
        """The usable faces."""
        return tuple(face for face in self.faces if face.pixels is not None)

    def numbered(self) -> RgbPicture:
        """The picture with a box and a number for each face."""
        return draw(self.rgb, self.observations, style=OverlayStyle.PRESENCE)

    def centre_square(self) -> NDArray[np.uint8]:
        """The centre of the picture as a face crop, for a picture that is one already."""
        grey = np.asarray(cv2.cvtColor(self.rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        return middle_square(grey, self.model_input.size_px, self.model_input.interpolation)


class _CropCollector:
    """A recogniser that collects the crops it gets."""

    def __init__(self, model_input: ModelInput) -> None:
        self.scheme = FER7
        self.input = model_input
        self.faces: list[NDArray[np.uint8]] = []

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """Collect the crops; scores are uniform and not used."""
        self.faces = [np.rint(face[..., 0] * 255).astype(np.uint8) for face in faces]
        return [normalised(self.scheme, np.ones(len(self.scheme)))] * len(faces)


def find_faces(
    content: bytes, *, model_input: ModelInput, landmarker: Path, detector: Path
) -> UploadedPicture:
    """Detect the faces in a picture file as in a camera frame.

    Args:
        content: of the file.
        model_input: how faces are cropped; crops are grey whatever its channels.
        landmarker, detector: paths of `face_landmarker.task` and `centerface.onnx`.
    Raises:
        MediaError: the content is not a picture.
        AssetError: a model file of face detection cannot be used.
    """
    rgb = decoded_in_colour(content)
    if rgb is None:
        raise MediaError(
            "This file is no picture that can be read.",
            advice="Give a JPEG, PNG or WebP of up to 100 million pixels.",
        )
    rgb = _not_too_large(rgb)
    crops = _CropCollector(replace(model_input, channels=1))
    analyser = build_still_analyser(landmarker, detector, crops)
    try:
        return _find_with_margins(rgb, analyser, crops)
    finally:
        analyser.close()


def _find_with_margins(
    rgb: RgbPicture, analyser: FaceAnalyser, crops: _CropCollector
) -> UploadedPicture:
    """Detect faces; if there is none, also in the enlarged picture and with a margin around it."""
    for margin in (None, 0.0, MARGIN):
        picture = rgb if margin is None else with_margin(rgb, margin)[0]
        analyser.reset()
        crops.faces = []
        observations = analyser.analyse(Frame(np.ascontiguousarray(picture), 0.0, 0))
        if observations:
            enlarged = max(
                1.0, min(picture.shape[:2]) / (1 + 2 * (margin or 0)) / min(rgb.shape[:2])
            )
            faces = _faces(observations, crops.faces, enlarged)
            return UploadedPicture(picture, observations, faces, crops.input)
    return UploadedPicture(rgb, (), (), crops.input)


def _faces(
    observations: Sequence[Observation], crops: Sequence[NDArray[np.uint8]], enlarged: float
) -> tuple[UploadedFace, ...]:
    """Faces with their crops, which are in the same order."""
    rest = iter(crops)
    faces = []
    for one in observations:
        pixels = next(rest) if one.quality.usable else None
        reason = one.quality.reason
        # Enlarging a face does not make it readable.
        if one.quality.face_px / enlarged < DEFAULT_LIMITS.size_px:
            pixels, reason = None, RejectReason.TOO_SMALL
        faces.append(UploadedFace(one.track_id, pixels, reason))
    return tuple(faces)


def _not_too_large(rgb: RgbPicture) -> RgbPicture:
    scale = _MAX_SIDE_PX / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)
