"""Faces in a frame: detected, landmarked, tracked, cut out, judged for quality."""

from core.vision.faces.close_up import read_cut_out
from core.vision.faces.crop import (
    BOX_MIDDLE,
    BOX_SCALE,
    CROPS,
    EYES_APART,
    EYES_MIDDLE,
    FER2013_CROP,
    MOUTH_MIDDLE,
    crop_by_box,
    crop_by_landmarks,
)
from core.vision.faces.landmarker import FaceLandmarker
from core.vision.faces.quality import DEFAULT_LIMITS, FoundFace, judge_quality
from core.vision.faces.still_picture import (
    ROOM,
    FaceCropper,
    FacePlaces,
    find_faces,
    read_poses,
    with_room,
)
from core.vision.faces.tracker import KEEPS_FOR_S

__all__ = [
    "BOX_MIDDLE",
    "BOX_SCALE",
    "CROPS",
    "DEFAULT_LIMITS",
    "EYES_APART",
    "EYES_MIDDLE",
    "FER2013_CROP",
    "KEEPS_FOR_S",
    "MOUTH_MIDDLE",
    "ROOM",
    "FaceCropper",
    "FaceLandmarker",
    "FacePlaces",
    "FoundFace",
    "crop_by_box",
    "crop_by_landmarks",
    "find_faces",
    "judge_quality",
    "read_cut_out",
    "read_poses",
    "with_room",
]
