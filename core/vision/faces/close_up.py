"""Landmarks of faces in a crowd: cut out, enlarged, read in turns, carried along in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from core.domain import Box, Face, Frame, RgbPicture
from core.vision.faces.five_points import contradict
from core.vision.faces.landmarker import FaceLandmarker, FaceLandmarks
from core.vision.faces.schedule import Schedule

_CUT_OUT_PX = 256  # the landmarker's own input
_CUT_OUT_SCALE = 2.0  # of the box: its detector wants some room around a face
_SMALL_PX, _SMALL_SCALE = 36.0, 2.5  # and more around a small one: 44 of 48 are read instead of 38


@dataclass(frozen=True, eq=False)
class _Memory:
    """The newest landmarks of a face: where the face was then, and when."""

    landmarks: FaceLandmarks
    box: Box
    time_s: float


class CloseUps:
    """Looks closely at faces in turns, so that a crowd does not hold up the stream.

    A newcomer is looked at at once, everybody else when it is their turn: whoever was looked at
    longest ago comes first, whether or not landmarks were found then.

    Args:
        eye: reads one cut-out face afresh.
        schedule: how many turns there are.
    """

    def __init__(self, eye: FaceLandmarker, schedule: Schedule) -> None:
        self._eye = eye
        self._schedule = schedule
        self.reset()

    def reset(self) -> None:
        """Forget everyone."""
        self._remembered: dict[int, _Memory] = {}
        self._looked_s: dict[int, float] = {}
        self._last_s: float | None = None

    def rename(self, was_id: int, track_id: int) -> None:
        """A face got another number."""
        if was_id in self._looked_s:
            self._looked_s[track_id] = self._looked_s.pop(was_id)
        if was_id in self._remembered:
            self._remembered[track_id] = self._remembered.pop(was_id)

    def look(self, frame: Frame, faces: Sequence[Face]) -> dict[int, FaceLandmarks | None]:
        """Landmarks of each face by its number, moved to where it is now; None where none are
        known. To be called for every frame, also without faces: the pause since the frame before
        decides how many turns there are.

        Args:
            faces: numbered, and large enough to be worth the time.
        """
        self._forget(frame.time_s)
        for number, face in self._whose_turn_it_is(faces, frame.time_s).items():
            self._looked_s[number] = frame.time_s
            landmarks = read_cut_out(self._eye, frame.rgb, face)
            if landmarks is not None:
                self._remembered[number] = _Memory(landmarks, face.box, frame.time_s)
        self._last_s = frame.time_s
        return {number_of(face): self._recalled(face) for face in faces}

    def _forget(self, time_s: float) -> None:
        oldest_s = time_s - self._schedule.stale_s
        self._looked_s = {n: at for n, at in self._looked_s.items() if at >= oldest_s}
        self._remembered = {
            n: kept for n, kept in self._remembered.items() if kept.time_s >= oldest_s
        }

    def _whose_turn_it_is(self, faces: Sequence[Face], time_s: float) -> dict[int, Face]:
        pause_s = 0.0 if self._last_s is None else time_s - self._last_s
        numbered = {number_of(face): face for face in faces}
        waiting = sorted(
            (number for number in numbered if number in self._looked_s),
            key=lambda number: (self._looked_s[number], number),
        )
        due = self._schedule.close_looks_due(len(faces), pause_s)
        newcomers = [number for number in numbered if number not in self._looked_s]
        return {number: numbered[number] for number in [*newcomers, *waiting[:due]]}

    def _recalled(self, face: Face) -> FaceLandmarks | None:
        memory = self._remembered.get(number_of(face))
        if memory is None or _cannot_be(memory.landmarks, face):
            return None
        return moved(memory.landmarks, memory.box, face.box)


def number_of(face: Face) -> int:
    """The number of a tracked face."""
    if face.track_id is None:
        raise ValueError("the tracker left a face without a number")
    return face.track_id


def read_cut_out(eye: FaceLandmarker, rgb: RgbPicture, face: Face) -> FaceLandmarks | None:
    """Landmarks of one face, in pixels of the whole frame; None where none fit, or where they are
    an upright reading of a face that is not upright.
    """
    box = face.box
    around = _SMALL_SCALE if box.size_px < _SMALL_PX else _CUT_OUT_SCALE
    side = max(box.width_px, box.height_px) * around
    left, top = box.center[0] - side / 2, box.center[1] - side / 2
    scale = _CUT_OUT_PX / side
    to_cut_out = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    cut = cv2.warpAffine(rgb, to_cut_out, (_CUT_OUT_PX, _CUT_OUT_PX), flags=cv2.INTER_LINEAR)
    found = eye.read(np.asarray(cut, dtype=np.uint8))
    if not found:
        return None
    points = found[0].points / np.float32(scale) + np.array([left, top], dtype=np.float32)
    landmarks = replace(found[0], points=points)
    # A neighbour at the cut-out's edge is not this face.
    if landmarks.box.overlap(box) <= 0.2 or _cannot_be(landmarks, face):
        return None
    return landmarks


def _cannot_be(landmarks: FaceLandmarks, face: Face) -> bool:
    return face.points is not None and contradict(face.points, landmarks.pose.roll)


def moved(landmarks: FaceLandmarks, was: Box, now: Box) -> FaceLandmarks:
    """Landmarks carried along with their box: shifted and scaled, not turned."""
    if was == now:
        return landmarks
    scale = now.height_px / was.height_px
    points = (landmarks.points - np.array(was.center)) * scale + np.array(now.center)
    return replace(landmarks, points=points.astype(np.float32))
