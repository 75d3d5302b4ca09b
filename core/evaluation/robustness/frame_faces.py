"""Faces of somebody's own pictures and videos, each shown as a camera would show it.

Only numbers are kept of them; a view lives as long as it is looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import cv2
import numpy as np

from core.domain import Box, Frame, RgbPicture
from core.domain.errors import MediaError
from core.evaluation.robustness.perturbations import FacePlace
from core.vision import PICTURE_ENDINGS, VIDEO_ENDINGS, Analyser, from_picture, from_video
from core.vision.faces import BOX_MIDDLE, BOX_SCALE

VIEW_PX = (640, 480)  # wide, high: what a webcam gives unless told otherwise
FACE_PX = 120  # a person half a metre from a laptop fills a quarter of the picture's height
LEAST_FACE_PX = 90  # in the file: a third more would have to be invented


@dataclass(frozen=True, eq=False)
class SourceFace:
    """A face in a file's picture, good enough to begin with.

    Attributes:
        rgb: the picture around it, uint8, `(high, wide, 3)`.
        box: of the face, in pixels of `rgb`.
    """

    rgb: RgbPicture
    box: Box

    @property
    def side_px(self) -> float:
        """Side of the face picture that a model would get."""
        return self.box.height_px * BOX_SCALE


@dataclass(frozen=True)
class GatheredFaces:
    """The faces of some files.

    Attributes:
        faces: good enough to begin with.
        files: they are from.
        too_small: faces that are smaller than `LEAST_FACE_PX`.
        unreadable: files that could not be read.
    """

    faces: tuple[SourceFace, ...]
    files: int
    too_small: int
    unreadable: int


def media_under(path: Path) -> list[Path]:
    """The pictures and videos of a folder and those below, or the one file.

    Raises:
        MediaError: there are none.
    """
    endings = PICTURE_ENDINGS | VIDEO_ENDINGS
    found = [path] if path.is_file() else list(_files(path))
    found = [one for one in found if one.suffix.lower() in endings]
    if not found:
        raise MediaError(
            f"{path} holds no pictures and no videos.",
            advice="Choose a folder with photographs or videos of people who agreed to it.",
        )
    return found


def gather_faces(
    files: list[Path], analyser: Analyser, *, most: int, every_s: float
) -> GatheredFaces:
    """Look for faces to begin with, as many from each file as from any other where it has them.

    Args:
        analyser: looks at each picture afresh (`build_still_analyser`).
        most: faces in all.
        every_s: seconds between two frames of a video.
    """
    # Files without faces leave their share to others; four times it is enough for that.
    each = min(most, -(-4 * most // len(files)))
    found: list[list[SourceFace]] = []
    too_small = unreadable = 0
    for file in files:
        try:
            mine, small = _faces_of(file, analyser, most=each, every_s=every_s)
        except MediaError:
            unreadable += 1
            continue
        found.append(mine)
        too_small += small
    taken = [one for turn in zip_longest(*found) for one in enumerate(turn) if one[1] is not None]
    files_used = {at for at, _ in taken[:most]}
    faces = tuple(face for _, face in taken[:most] if face is not None)
    return GatheredFaces(faces, len(files_used), too_small, unreadable)


def view_of(face: SourceFace, *, side_px: float) -> tuple[RgbPicture, FacePlace]:
    """A camera picture with the face in its middle, and where in it the face picture lies.

    What lies beyond the file's picture is filled with its edges.

    Args:
        side_px: wanted side of the face picture.
    """
    wide, high = VIEW_PX
    scale = side_px / face.side_px
    near = _shrunk(face, scale)
    scale, box = max(1.0, scale), near.box
    x, y = box.center[0], box.top + box.height_px * BOX_MIDDLE
    matrix = np.array([[scale, 0.0, wide / 2 - x * scale], [0.0, scale, high / 2 - y * scale]])
    view = cv2.warpAffine(
        near.rgb, matrix, VIEW_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    place = FacePlace(wide / 2 - side_px / 2, high / 2 - side_px / 2, side_px)
    return np.asarray(view, dtype=np.uint8), place


def _files(folder: Path) -> Iterator[Path]:
    for place, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names) if not name.startswith("."))


def _faces_of(
    file: Path, analyser: Analyser, *, most: int, every_s: float
) -> tuple[list[SourceFace], int]:
    found: list[SourceFace] = []
    too_small = 0
    for frame in _frames(file, every_s):
        analyser.reset()
        for one in analyser.analyse(Frame(frame.rgb, 0.0, 0)):
            face = SourceFace(frame.rgb, one.box)
            if face.side_px < LEAST_FACE_PX:
                too_small += 1
            elif one.quality.usable:
                found.append(_alone(face))
        if len(found) >= most:
            break
    return found[:most], too_small


def _frames(file: Path, every_s: float) -> Iterator[Frame]:
    if file.suffix.lower() in PICTURE_ENDINGS:
        yield from_picture(file)
    else:
        yield from from_video(file, every_s=every_s)


def _alone(face: SourceFace) -> SourceFace:
    """The same at the size of a view, with no more around it than a view can show."""
    scale = min(1.0, FACE_PX / face.side_px)
    reach_x, reach_y = (side / scale for side in VIEW_PX)
    x, y = face.box.center
    left, top = max(0, int(x - reach_x)), max(0, int(y - reach_y))
    rgb = face.rgb[top : int(y + reach_y) + 1, left : int(x + reach_x) + 1]
    box = face.box
    box = Box(box.left - left, box.top - top, box.right - left, box.bottom - top)
    return _shrunk(SourceFace(rgb.copy(), box), scale)


def _shrunk(face: SourceFace, scale: float) -> SourceFace:
    """Averaged while it shrinks: sampling alone would skip pixels."""
    if scale >= 1:
        return face
    high, wide = face.rgb.shape[:2]
    small = (max(1, round(wide * scale)), max(1, round(high * scale)))
    rgb = cv2.resize(face.rgb, small, interpolation=cv2.INTER_AREA)
    across, down = small[0] / wide, small[1] / high
    box = face.box
    box = Box(box.left * across, box.top * down, box.right * across, box.bottom * down)
    return SourceFace(np.asarray(rgb, dtype=np.uint8), box)
