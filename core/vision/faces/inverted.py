"""Near faces are followed by an eye that reads an inverted face as an upright one now and then; the
detector's five points know better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.domain import Face, HeadPose
from core.vision.faces.close_up import number_of
from core.vision.faces.five_points import contradict, pose_from_points
from core.vision.faces.landmarker import FaceLandmarks
from core.vision.faces.quality import is_inverted

HOLD_S = 1.0


class UprightCheck:
    """Remembers which near faces cannot be as they were read. Each is compared with the detector's
    points when it is new, and whenever the detector looks anyway.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everyone."""
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
        """Take in a look of the detector at the same frame.

        Args:
            near: landmarks by number; whoever is not among them is forgotten.
            faces: all that the detector found, with points.
        """
        self._checked = {
            number: _contradicting(landmarks, faces, self._checked.get(number))
            for number, landmarks in near.items()
        }

    def forget_others(self, near: Mapping[int, FaceLandmarks]) -> None:
        """Whoever is not near any more has to be compared again when they come back."""
        self._checked = {number: pose for number, pose in self._checked.items() if number in near}

    def settle(
        self, face: Face, landmarks: FaceLandmarks | None, time_s: float
    ) -> tuple[HeadPose | None, FaceLandmarks | None]:
        """Where a numbered face points, and its landmarks unless they cannot be right. A face that
        stood on its head does so for `HOLD_S` more: the points of some frames are unsure.
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
        seen_s, inverted = self._inverted.get(number, (-HOLD_S, None))
        if inverted is not None and time_s - seen_s <= HOLD_S:
            return inverted, None
        self._inverted.pop(number, None)
        return pose, landmarks


def _contradicting(
    landmarks: FaceLandmarks, faces: Sequence[Face], before: HeadPose | None
) -> HeadPose | None:
    box = landmarks.box
    best = max(faces, key=lambda face: face.box.overlap(box), default=None)
    if best is None or best.points is None or best.box.overlap(box) <= 0.2:
        return before  # not seen by the detector this time
    if contradict(best.points, landmarks.pose.roll):
        return pose_from_points(best.points)
    return None
