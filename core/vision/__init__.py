"""From a frame to observations: detect, track, cut out, recognise, smooth, judge quality."""

from core.vision.analyser import FaceAnalyser, FaceModels
from core.vision.assets import DETECTOR, LANDMARKER, obtain_all, path_of
from core.vision.build import (
    build_analyser,
    build_still_analyser,
    open_analyser,
    open_still_analyser,
)
from core.vision.contracts import Analyser, EmotionRecognizer, FaceDetector, FaceTracker
from core.vision.faces.confirmed import ConfirmedMoments, shown_part
from core.vision.faces.detector import CenterFaceDetector
from core.vision.faces.landmarker import FaceLandmarker, FaceLandmarks
from core.vision.faces.schedule import Schedule
from core.vision.faces.tracker import OverlapTracker
from core.vision.media import (
    PICTURE_ENDINGS,
    VIDEO_ENDINGS,
    Part,
    from_picture,
    from_video,
    picture_frame,
    videos_in,
)
from core.vision.orientation import EVERY_S, LOOKED_AT_S, quarter_turns, turned
from core.vision.overlay import REASON_WORDS, OverlayStyle, draw, shown_words
from core.vision.recognition.recognizer import ModelRecognizer
from core.vision.recognition.score_smoother import ScoreSmoother

__all__ = [
    "DETECTOR",
    "EVERY_S",
    "LANDMARKER",
    "LOOKED_AT_S",
    "PICTURE_ENDINGS",
    "REASON_WORDS",
    "VIDEO_ENDINGS",
    "Analyser",
    "CenterFaceDetector",
    "ConfirmedMoments",
    "EmotionRecognizer",
    "FaceAnalyser",
    "FaceDetector",
    "FaceLandmarker",
    "FaceLandmarks",
    "FaceModels",
    "FaceTracker",
    "ModelRecognizer",
    "OverlapTracker",
    "OverlayStyle",
    "Part",
    "Schedule",
    "ScoreSmoother",
    "build_analyser",
    "build_still_analyser",
    "draw",
    "from_picture",
    "from_video",
    "obtain_all",
    "open_analyser",
    "open_still_analyser",
    "path_of",
    "picture_frame",
    "quarter_turns",
    "shown_part",
    "shown_words",
    "turned",
    "videos_in",
]
