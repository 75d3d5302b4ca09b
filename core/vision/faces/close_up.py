"""Landmarks of far faces: cropped, enlarged, read in turns, and moved along in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from core.domain import Box, Face, Frame, RgbPicture
from core.vision.faces.five_points import contradict
from core.vision.faces.landmarker import FaceLandmarker, FaceLandmarks
from core.vision.faces.schedule import Schedule

_CROP_PX = 256  # the landmarker's own input
_CROP_SCALE = 2.0  # of the box: its detector needs a margin around a face
_SMALL_PX, _SMALL_SCALE = 36.0, 2.5  # with a larger margin 44 of 48 small faces are read, not 38


@dataclass(frozen=True, eq=False)
class _StoredLandmarks:
    """The newest landmarks of a face, with its box and time then."""

    landmarks: FaceLandmarks
    box: Box
    time_s: float


class FarFaceLandmarks:
    """Reads landmarks of far faces in turns, so that a crowd does not slow down the stream.

    A new face is read at once; of the others, the one read longest ago comes first, whether or not
    landmarks were found then.

    Args:
        landmarker: reads one cropped face, without following it.
        schedule: how many are read in a frame.
    """

    def __init__(self, landmarker: FaceLandmarker, schedule: Schedule) -> None:
        self._landmarker = landmarker
        self._schedule = schedule
        self.reset()

    def reset(self) -> None:
        """Forget all faces."""
        self._stored: dict[int, _StoredLandmarks] = {}
        self._read_s: dict[int, float] = {}
        self._last_s: float | None = None

    def rename(self, was_id: int, track_id: int) -> None:
        """A face got another number."""
        if was_id in self._read_s:
            self._read_s[track_id] = self._read_s.pop(was_id)
        if was_id in self._stored:
            self._stored[track_id] = self._stored.pop(was_id)

    def read(self, frame: Frame, faces: Sequence[Face]) -> dict[int, FaceLandmarks | None]:
        """Landmarks of each face by its number, moved to its current box; None where none are
        known. Call it for every frame, also without faces: the time since the frame before
        determines how many faces are read.

        Args:
            faces: numbered, and large enough for landmarks.
        """
        self._forget(frame.time_s)
        for number, face in self._due(faces, frame.time_s).items():
            self._read_s[number] = frame.time_s
            landmarks = read_cropped(self._landmarker, frame.rgb, face)
            if landmarks is not None:
                self._stored[number] = _StoredLandmarks(landmarks, face.box, frame.time_s)
        self._last_s = frame.time_s
        return {number_of(face): self._current(face) for face in faces}

    def _forget(self, time_s: float) -> None:
        oldest_s = time_s - self._schedule.expires_after_s
        self._read_s = {n: at for n, at in self._read_s.items() if at >= oldest_s}
        self._stored = {
            n: stored for n, stored in self._stored.items() if stored.time_s >= oldest_s
        }

    def _due(self, faces: Sequence[Face], time_s: float) -> dict[int, Face]:
        pause_s = 0.0 if self._last_s is None else time_s - self._last_s
        numbered = {number_of(face): face for face in faces}
        waiting = sorted(
            (number for number in numbered if number in self._read_s),
            key=lambda number: (self._read_s[number], number),
        )
        due = self._schedule.reads_due(len(faces), pause_s)
        newcomers = [number for number in numbered if number not in self._read_s]
        return {number: numbered[number] for number in [*newcomers, *waiting[:due]]}

    def _current(self, face: Face) -> FaceLandmarks | None:
        stored = self._stored.get(number_of(face))
        if stored is None or _contradicts(stored.landmarks, face):
            return None
        return moved(stored.landmarks, stored.box, face.box)


def number_of(face: Face) -> int:
    """The number of a tracked face."""
    if face.track_id is None:
        raise ValueError("the tracker left a face without a number")
    return face.track_id


def read_cropped(landmarker: FaceLandmarker, rgb: RgbPicture, face: Face) -> FaceLandmarks | None:
    """Landmarks of one face, in pixels of the whole frame; None where none fit, or where they
    contradict the face's roll.
    """
    box = face.box
    margin_scale = _SMALL_SCALE if box.size_px < _SMALL_PX else _CROP_SCALE
    side = max(box.width_px, box.height_px) * margin_scale
    left, top = box.center[0] - side / 2, box.center[1] - side / 2
    scale = _CROP_PX / side
    to_crop = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    crop = cv2.warpAffine(rgb, to_crop, (_CROP_PX, _CROP_PX), flags=cv2.INTER_LINEAR)
    found = landmarker.read(np.asarray(crop, dtype=np.uint8))
    if not found:
        return None
    points = found[0].points / np.float32(scale) + np.array([left, top], dtype=np.float32)
    landmarks = replace(found[0], points=points)
    # A neighbour at the crop's edge is not this face.
    if landmarks.box.overlap(box) <= 0.2 or _contradicts(landmarks, face):
        return None
    return landmarks


def _contradicts(landmarks: FaceLandmarks, face: Face) -> bool:
    return face.points is not None and contradict(face.points, landmarks.pose.roll)


def moved(landmarks: FaceLandmarks, before: Box, after: Box) -> FaceLandmarks:
    """Landmarks moved along with their box: shifted and scaled, not rotated."""
    if before == after:
        return landmarks
    scale = after.height_px / before.height_px
    points = (landmarks.points - np.array(before.center)) * scale + np.array(after.center)
    return replace(landmarks, points=points.astype(np.float32))
