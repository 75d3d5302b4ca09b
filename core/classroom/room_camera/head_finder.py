"""Finds the heads of a picture, with their direction."""

from __future__ import annotations

from pathlib import Path

from core.classroom.room_camera.counting import Head
from core.domain import Frame, RgbPicture
from core.measures import is_facing
from core.vision import CenterFaceDetector, FaceLandmarker
from core.vision.faces import group_poses


class HeadFinder:
    """Finds faces of about 20 px and larger, in a picture as it is.

    A head counts as one that points towards the front if it points at the camera, within the cone
    of `core.measures.is_facing`: the camera stands where the front is. A head that is turned away
    until no face is left is not found; where only points of a face can be read, its direction is
    that to the left and right alone.

    Not thread-safe.

    Args:
        detector: path of `centerface.onnx`.
        landmarker: path of `face_landmarker.task`.
    Raises:
        AssetError: a file cannot be used.
    """

    def __init__(self, detector: Path, landmarker: Path) -> None:
        self._detector = CenterFaceDetector(detector, scale=1.0)
        self._landmarker = FaceLandmarker(landmarker, faces=1, follows=False)

    def find(self, rgb: RgbPicture) -> list[Head]:
        """The heads of a picture.

        Args:
            rgb: uint8, shape `(height, width, 3)`.
        """
        high, wide = rgb.shape[:2]
        faces = self._detector.detect(Frame(rgb, 0.0, 0))
        found = []
        for face, pose in zip(faces, group_poses(rgb, faces, self._landmarker), strict=True):
            x, y = face.box.center
            towards = None if pose is None else is_facing(pose)
            found.append(Head(x / wide, y / high, towards))
        return found

    def close(self) -> None:
        """Free native memory; idempotent."""
        self._landmarker.close()
