"""Detects inverted faces, which the landmarker sometimes reads as upright."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from core.domain import Face, HeadPose
from core.vision.faces.close_up import number_of
from core.vision.faces.five_points import contradict, pose_from_points
from core.vision.faces.landmarker import FaceLandmarks
from core.vision.faces.quality import is_inverted

INVERTED_HOLD_S = 1.0


class _HasPose(Protocol):
    @property
    def pose(self) -> HeadPose:
        """Head pose."""


_Landmarks = TypeVar("_Landmarks", bound=_HasPose)


class UprightCheck:
    """Keeps track of near faces whose landmarks contradict the detector's points. Each is compared
    when it is new, and whenever the detector runs.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget all faces."""
        self._checked: dict[int, HeadPose | None] = {}
        self._inverted: dict[int, tuple[float, HeadPose]] = {}

    def rename(self, was_id: int, track_id: int) -> None:
        """A face got another number."""
        if was_id in self._checked:
            self._checked[track_id] = self._checked.pop(was_id)
        if was_id in self._inverted:
            self._inverted[track_id] = self._inverted.pop(was_id)

    def is_due(self, near: Mapping[int, FaceLandmarks]) -> bool:
        """Whether one of them, by number, was never compared."""
        return any(number not in self._checked for number in near)

    def compare(self, near: Mapping[int, FaceLandmarks], faces: Sequence[Face]) -> None:
        """Compare near faces with the detector's faces of the same frame.

        Args:
            near: landmarks by number; faces not among them are forgotten.
            faces: all that the detector found, with points.
        """
        self._checked = {
            number: _contradicting(landmarks, faces, self._checked.get(number))
            for number, landmarks in near.items()
        }

    def forget_absent(self, near: Mapping[int, FaceLandmarks]) -> None:
        """Forget faces that are not near any more: they are compared again when they return."""
        self._checked = {number: pose for number, pose in self._checked.items() if number in near}

    def resolve(
        self, face: Face, landmarks: _Landmarks | None, time_s: float
    ) -> tuple[HeadPose | None, _Landmarks | None]:
        """The pose of a numbered face, and its landmarks unless they are contradicted. An inverted
        face stays inverted for `INVERTED_HOLD_S`: single frames may have wrong points.
        """
        number = number_of(face)
        pose = self._checked.get(number)
        if pose is not None:
            landmarks = None
        elif landmarks is not None:
            pose = landmarks.pose
        elif face.points is not None:
            pose = pose_from_points(face.points)
        if is_inverted(pose) and pose is not None:
            self._inverted[number] = time_s, pose
            return pose, None
        inverted_s, inverted = self._inverted.get(number, (-INVERTED_HOLD_S, None))
        if inverted is not None and time_s - inverted_s <= INVERTED_HOLD_S:
            return inverted, None
        self._inverted.pop(number, None)
        return pose, landmarks


def _contradicting(
    landmarks: FaceLandmarks, faces: Sequence[Face], before: HeadPose | None
) -> HeadPose | None:
    box = landmarks.box
    best = max(faces, key=lambda face: face.box.overlap(box), default=None)
    if best is None or best.points is None or best.box.overlap(box) <= 0.2:
        return before  # not found by the detector this time
    if contradict(best.points, landmarks.pose.roll):
        return pose_from_points(best.points)
    return None
