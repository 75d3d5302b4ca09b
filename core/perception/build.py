"""One door to a working analyser."""

from __future__ import annotations

from pathlib import Path

from core.perception.analyser import Eyes, FaceAnalyser
from core.perception.centerface import CenterFaceDetector
from core.perception.contracts import EmotionRecognizer
from core.perception.landmarks import FaceLandmarker
from core.perception.smoother import ScoreSmoother
from core.perception.tracker import CONFIRMED_HITS, OverlapTracker

CONTINUES = 0.3  # of a face somebody known has; the tracker wants more of newcomers
NEAR_FACES = 2  # two people at one screen; more are the second detector's


def build_analyser(landmarker: Path, detector: Path, recognizer: EmotionRecognizer) -> FaceAnalyser:
    """An analyser for one stream; a face is somebody from the second sighting on.

    Args:
        landmarker: path of `face_landmarker.task`.
        detector: path of `centerface.onnx`.
        recognizer: may be shared between streams.
    Raises:
        AssetError: a file is there but cannot be used.
    """
    return _analyser(landmarker, detector, recognizer, follows=True)


def build_still_analyser(
    landmarker: Path, detector: Path, recognizer: EmotionRecognizer
) -> FaceAnalyser:
    """The same eyes for pictures, or frames that come so seldom that each is one: none follows a
    face, and everybody has a number at once.

    Call `reset` between two pictures that have nothing to do with each other.

    Args:
        landmarker, detector, recognizer: as for `build_analyser`.
    Raises:
        AssetError: a file is there but cannot be used.
    """
    return _analyser(landmarker, detector, recognizer, follows=False)


def _analyser(
    landmarker: Path, detector: Path, recognizer: EmotionRecognizer, *, follows: bool
) -> FaceAnalyser:
    return FaceAnalyser(
        Eyes(
            near=FaceLandmarker(landmarker, faces=NEAR_FACES, follows=follows),
            close_up=FaceLandmarker(landmarker, faces=1, follows=False),
            scout=CenterFaceDetector(detector, min_confidence=CONTINUES),
        ),
        recognizer,
        tracker=OverlapTracker(min_hits=CONFIRMED_HITS if follows else 1),
        smoother=ScoreSmoother(),
    )
