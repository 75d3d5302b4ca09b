"""From a frame to observations: detect, track, cut out, recognise, smooth, judge quality."""

from core.perception.analyser import Eyes, FaceAnalyser
from core.perception.build import build_analyser
from core.perception.centerface import CenterFaceDetector
from core.perception.confirmed import ConfirmedMoments, shown_part
from core.perception.contracts import Analyser, EmotionRecognizer, FaceDetector, FaceTracker
from core.perception.frames import from_picture, from_video
from core.perception.landmarks import FaceLandmarker, FaceLandmarks
from core.perception.overlay import OverlayStyle, draw, shown_words
from core.perception.recognizer import ModelRecognizer
from core.perception.schedule import Schedule
from core.perception.smoother import ScoreSmoother
from core.perception.tracker import OverlapTracker

__all__ = [
    "Analyser",
    "CenterFaceDetector",
    "ConfirmedMoments",
    "EmotionRecognizer",
    "Eyes",
    "FaceAnalyser",
    "FaceDetector",
    "FaceLandmarker",
    "FaceLandmarks",
    "FaceTracker",
    "ModelRecognizer",
    "OverlapTracker",
    "OverlayStyle",
    "Schedule",
    "ScoreSmoother",
    "build_analyser",
    "draw",
    "from_picture",
    "from_video",
    "shown_part",
    "shown_words",
]
