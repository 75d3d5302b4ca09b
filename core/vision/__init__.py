"""From a frame to observations: detect, track, cut out, recognise, smooth, judge quality."""

from core.vision.analyser import Eyes, FaceAnalyser
from core.vision.build import build_analyser
from core.vision.contracts import Analyser, EmotionRecognizer, FaceDetector, FaceTracker
from core.vision.faces.confirmed import ConfirmedMoments, shown_part
from core.vision.faces.detector import CenterFaceDetector
from core.vision.faces.landmarker import FaceLandmarker, FaceLandmarks
from core.vision.faces.schedule import Schedule
from core.vision.faces.tracker import OverlapTracker
from core.vision.media import from_picture, from_video
from core.vision.overlay import OverlayStyle, draw, shown_words
from core.vision.recognition.recognizer import ModelRecognizer
from core.vision.recognition.smoother import ScoreSmoother

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
