"""From a frame to observations: detection, tracking, crops, quality, recognition, smoothing."""

from core.storage.recording_files import PICTURE_ENDINGS, VIDEO_ENDINGS, TimeRange, videos_in
from core.vision.analyser import FaceAnalyser, FaceModels
from core.vision.assets import DETECTOR, LANDMARKER, obtain_all, path_of
from core.vision.browser_assets import (
    BrowserFiles,
    are_current,
    browser_files,
    check_browser_files,
    obtain_browser_files,
)
from core.vision.browser_models import BrowserReading, browser_reading, is_read_in_browsers
from core.vision.build import (
    build_analyser,
    build_still_analyser,
    open_analyser,
    open_still_analyser,
)
from core.vision.contracts import Analyser, EmotionRecognizer, FaceDetector, FaceTracker
from core.vision.faces.confirmed import ConfirmationBuffer, without_tentative
from core.vision.faces.detector import CenterFaceDetector
from core.vision.faces.landmarker import FaceLandmarker, FaceLandmarks
from core.vision.faces.mediapipe_loader import load_mediapipe
from core.vision.faces.schedule import Schedule
from core.vision.faces.tracker import OverlapTracker
from core.vision.media import from_picture, from_video, picture_frame
from core.vision.orientation import INSPECT_EVERY_S, INSPECTED_S, quarter_rotations, rotated
from core.vision.overlay import OverlayStyle, draw, expression_text
from core.vision.readings import FaceReading, FrameReading, ReadingAnalyser
from core.vision.recognition.recognizer import ModelRecognizer
from core.vision.recognition.score_smoother import ScoreSmoother

__all__ = [
    "DETECTOR",
    "INSPECTED_S",
    "INSPECT_EVERY_S",
    "LANDMARKER",
    "PICTURE_ENDINGS",
    "VIDEO_ENDINGS",
    "Analyser",
    "BrowserFiles",
    "BrowserReading",
    "CenterFaceDetector",
    "ConfirmationBuffer",
    "EmotionRecognizer",
    "FaceAnalyser",
    "FaceDetector",
    "FaceLandmarker",
    "FaceLandmarks",
    "FaceModels",
    "FaceReading",
    "FaceTracker",
    "FrameReading",
    "ModelRecognizer",
    "OverlapTracker",
    "OverlayStyle",
    "ReadingAnalyser",
    "Schedule",
    "ScoreSmoother",
    "TimeRange",
    "are_current",
    "browser_files",
    "browser_reading",
    "build_analyser",
    "build_still_analyser",
    "check_browser_files",
    "draw",
    "expression_text",
    "from_picture",
    "from_video",
    "is_read_in_browsers",
    "load_mediapipe",
    "obtain_all",
    "obtain_browser_files",
    "open_analyser",
    "open_still_analyser",
    "path_of",
    "picture_frame",
    "quarter_rotations",
    "rotated",
    "videos_in",
    "without_tentative",
]
