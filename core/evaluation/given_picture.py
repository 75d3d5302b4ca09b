"""A picture that a person gives: looked at in memory, never written anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.picture_files import decoded, middle_square
from core.errors import MediaError
from core.perception.picture_faces import FaceCutter


@dataclass(frozen=True, eq=False)
class GivenFace:
    """The face in a picture that was given.

    Attributes:
        pixels: grey uint8 `(size, size)`.
        cut: whether a face was found and cut out; else it is the middle of the picture.
    """

    pixels: NDArray[np.uint8]
    cut: bool


def face_of(content: bytes, *, size_px: int, landmarker: Path | None) -> GivenFace:
    """The largest face of a picture file, cut out the way the training pictures are.

    Args:
        content: of the file.
        size_px: side of the face.
        landmarker: path of `face_landmarker.task`; None where set-up is not complete.
    Raises:
        MediaError: the content is no picture.
    """
    picture = decoded(content)
    if picture is None:
        raise MediaError(
            "This file holds no picture that can be read.",
            advice="Give a JPEG, PNG or WebP of up to 100 million pixels.",
        )
    if landmarker is not None:
        with FaceCutter(landmarker) as cutter:
            face = cutter.cut(picture, size_px)
        if face is not None:
            return GivenFace(face, cut=True)
    return GivenFace(middle_square(picture, size_px), cut=False)
