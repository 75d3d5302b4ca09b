"""Faces of a user's own pictures and videos, each placed in a frame as of a camera.

Only counts are stored; the frames exist in memory only.
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
from core.evaluation.robustness.corruption_functions import FaceRegion
from core.storage.path_checks import is_file
from core.vision import PICTURE_ENDINGS, VIDEO_ENDINGS, Analyser, from_picture, from_video
from core.vision.faces import BOX_CENTRE, BOX_SCALE

VIEW_PX = (640, 480)  # wide, high: what a webcam gives unless told otherwise
FACE_PX = 120  # a person half a metre from a laptop fills a quarter of the picture's height
MIN_FACE_PX = 90  # in the file: smaller ones would be enlarged by more than a third


@dataclass(frozen=True, eq=False)
class SourceFace:
    """A usable face of a file.

    Attributes:
        rgb: the picture around it, uint8, `(high, wide, 3)`.
        box: of the face, in pixels of `rgb`.
    """

    rgb: RgbPicture
    box: Box

    @property
    def side_px(self) -> float:
        """Side of the face crop that a model would get."""
        return self.box.height_px * BOX_SCALE


@dataclass(frozen=True)
class GatheredFaces:
    """The faces of some files.

    Attributes:
        faces: usable ones.
        files: number of files they are from.
        too_small: number of faces smaller than `MIN_FACE_PX`.
        unreadable: files that could not be read.
    """

    faces: tuple[SourceFace, ...]
    files: int
    too_small: int
    unreadable: int


def media_under(path: Path) -> list[Path]:
    """The pictures and videos in a folder and its subfolders, or the one file.

    Raises:
        MediaError: there are none.
    """
    endings = PICTURE_ENDINGS | VIDEO_ENDINGS
    found = [path] if is_file(path) else list(_media_files(path))
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
    """Collect usable faces, about equally many from each file.

    Args:
        analyser: without tracking (`build_still_analyser`).
        most: maximum number of faces.
        every_s: seconds between two frames of a video.
    """
    # Files without faces leave their share to others: each may give four times its own.
    each = min(most, -(-4 * most // len(files)))
    found: list[list[SourceFace]] = []
    too_small = unreadable = 0
    for file in files:
        try:
            from_file, small = _faces_of(file, analyser, most=each, every_s=every_s)
        except MediaError:
            unreadable += 1
            continue
        found.append(from_file)
        too_small += small
    taken = [one for turn in zip_longest(*found) for one in enumerate(turn) if one[1] is not None]
    files_used = {at for at, _ in taken[:most]}
    faces = tuple(face for _, face in taken[:most] if face is not None)
    return GatheredFaces(faces, len(files_used), too_small, unreadable)


def view_of(face: SourceFace, *, side_px: float) -> tuple[RgbPicture, FaceRegion]:
    """A camera frame with the face in its centre, and the region of the face crop in it.

    Beyond the file's picture its edges are repeated.

    Args:
        side_px: side of the face crop in the frame.
    """
    wide, high = VIEW_PX
    scale = side_px / face.side_px
    near = _shrunk(face, scale)
    scale, box = max(1.0, scale), near.box
    x, y = box.center[0], box.top + box.height_px * BOX_CENTRE
    matrix = np.array([[scale, 0.0, wide / 2 - x * scale], [0.0, scale, high / 2 - y * scale]])
    view = cv2.warpAffine(
        near.rgb, matrix, VIEW_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    region = FaceRegion(wide / 2 - side_px / 2, high / 2 - side_px / 2, side_px)
    return np.asarray(view, dtype=np.uint8), region


def _media_files(folder: Path) -> Iterator[Path]:
    for region, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(region, name) for name in sorted(names) if not name.startswith("."))


def _faces_of(
    file: Path, analyser: Analyser, *, most: int, every_s: float
) -> tuple[list[SourceFace], int]:
    found: list[SourceFace] = []
    too_small = 0
    for frame in _frames(file, every_s):
        analyser.reset()
        for one in analyser.analyse(Frame(frame.rgb, 0.0, 0)):
            face = SourceFace(frame.rgb, one.box)
            if face.side_px < MIN_FACE_PX:
                too_small += 1
            elif one.quality.usable:
                found.append(_cropped(face))
        if len(found) >= most:
            break
    return found[:most], too_small


def _frames(file: Path, every_s: float) -> Iterator[Frame]:
    if file.suffix.lower() in PICTURE_ENDINGS:
        yield from_picture(file)
    else:
        yield from from_video(file, every_s=every_s)


def _cropped(face: SourceFace) -> SourceFace:
    """The face reduced to its size in a frame, with no more around it than a frame shows."""
    scale = min(1.0, FACE_PX / face.side_px)
    reach_x, reach_y = (side / scale for side in VIEW_PX)
    x, y = face.box.center
    left, top = max(0, int(x - reach_x)), max(0, int(y - reach_y))
    rgb = face.rgb[top : int(y + reach_y) + 1, left : int(x + reach_x) + 1]
    box = face.box
    box = Box(box.left - left, box.top - top, box.right - left, box.bottom - top)
    return _shrunk(SourceFace(rgb.copy(), box), scale)


def _shrunk(face: SourceFace, scale: float) -> SourceFace:
    """Reduced by area averaging; an enlarged face stays as it is."""
    if scale >= 1:
        return face
    high, wide = face.rgb.shape[:2]
    small = (max(1, round(wide * scale)), max(1, round(high * scale)))
    rgb = cv2.resize(face.rgb, small, interpolation=cv2.INTER_AREA)
    across, down = small[0] / wide, small[1] / high
    box = face.box
    box = Box(box.left * across, box.top * down, box.right * across, box.bottom * down)
    return SourceFace(np.asarray(rgb, dtype=np.uint8), box)
