"""Head poses of everybody in one picture, without following anybody."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import Face, HeadPose, RgbPicture
from core.vision.faces.close_up import read_cropped
from core.vision.faces.five_points import pose_from_points
from core.vision.faces.landmarker import FaceLandmarker
from core.vision.faces.quality import is_inverted

MIN_POINTS_PX = 16.0
"""The fit of `five_points` was made on faces from here."""

MIN_READ_PX, MAX_READ = 40.0, 12
"""Smallest face whose landmarks are read, and most of a picture, largest first: each takes some
milliseconds, and tells pitch as well, such as of a head that is bent over a desk."""


def group_poses(
    rgb: RgbPicture, faces: Sequence[Face], landmarker: FaceLandmarker
) -> list[HeadPose | None]:
    """The pose of each face: from landmarks of the larger ones, yaw and roll from the detector's
    points of the others; None where a face is too small, or upside down.

    Args:
        rgb: uint8, shape `(height, width, 3)`.
        faces: of this picture, as `CenterFaceDetector` finds them.
        landmarker: reads one cropped face, without following it.
    """
    by_size = sorted(range(len(faces)), key=lambda at: -faces[at].box.size_px)
    read = {at for at in by_size[:MAX_READ] if faces[at].box.size_px >= MIN_READ_PX}
    return [_pose(rgb, face, landmarker if at in read else None) for at, face in enumerate(faces)]


def _pose(rgb: RgbPicture, face: Face, landmarker: FaceLandmarker | None) -> HeadPose | None:
    if landmarker is not None and (found := read_cropped(landmarker, rgb, face)):
        return found.pose
    if face.points is None or face.box.size_px < MIN_POINTS_PX:
        return None
    pose = pose_from_points(face.points)
    return None if is_inverted(pose) else pose
