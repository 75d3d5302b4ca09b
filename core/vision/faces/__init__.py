"""Faces in a frame: detection, landmarks, tracking, crops, quality."""

from core.vision.faces.close_up import read_cropped
from core.vision.faces.crop import (
    BOX_CENTRE,
    BOX_SCALE,
    CROPS,
    EYE_DISTANCE,
    EYES_CENTRE,
    FER2013_CROP,
    MOUTH_CENTRE,
    crop_by_box,
    crop_by_landmarks,
)
from core.vision.faces.group_poses import group_poses
from core.vision.faces.landmarker import FaceLandmarker
from core.vision.faces.quality import DEFAULT_LIMITS, DetectedFace, assess_quality
from core.vision.faces.still_picture import (
    MARGIN,
    FaceCropper,
    FacePositions,
    find_faces,
    read_poses,
    with_margin,
)
from core.vision.faces.tracker import MAX_GAP_S

__all__ = [
    "BOX_CENTRE",
    "BOX_SCALE",
    "CROPS",
    "DEFAULT_LIMITS",
    "EYES_CENTRE",
    "EYE_DISTANCE",
    "FER2013_CROP",
    "MARGIN",
    "MAX_GAP_S",
    "MOUTH_CENTRE",
    "DetectedFace",
    "FaceCropper",
    "FaceLandmarker",
    "FacePositions",
    "assess_quality",
    "crop_by_box",
    "crop_by_landmarks",
    "find_faces",
    "group_poses",
    "read_cropped",
    "read_poses",
    "with_margin",
]
