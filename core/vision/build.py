"""One door to a working analyser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.storage.settings import Settings
from core.vision.analyser import FaceAnalyser, FaceModels
from core.vision.assets import DETECTOR, LANDMARKER, path_of
from core.vision.contracts import EmotionRecognizer
from core.vision.faces.detector import CenterFaceDetector
from core.vision.faces.landmarker import FaceLandmarker
from core.vision.faces.tracker import CONFIRMED_HITS, OverlapTracker
from core.vision.recognition.live_model import LoadedModel
from core.vision.recognition.score_smoother import ScoreSmoother

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
        FaceModels(
            near=FaceLandmarker(landmarker, faces=NEAR_FACES, follows=follows),
            close_up=FaceLandmarker(landmarker, faces=1, follows=False),
            scout=CenterFaceDetector(detector, min_confidence=CONTINUES),
        ),
        recognizer,
        tracker=OverlapTracker(min_hits=CONFIRMED_HITS if follows else 1),
        smoother=ScoreSmoother(),
    )


def open_analyser(settings: Settings, judge: LoadedModel) -> FaceAnalyser:
    """An analyser for one stream.

    Raises:
        AssetError: set-up is not complete.
    """
    return _opened(build_analyser, settings, judge)


def open_still_analyser(settings: Settings, judge: LoadedModel) -> FaceAnalyser:
    """An analyser for pictures that have nothing to do with each other; reset it between two.

    Raises:
        AssetError: set-up is not complete.
    """
    return _opened(build_still_analyser, settings, judge)


def _opened(
    build: Callable[[Path, Path, EmotionRecognizer], FaceAnalyser],
    settings: Settings,
    judge: LoadedModel,
) -> FaceAnalyser:
    return build(
        path_of(settings.assets_dir, LANDMARKER),
        path_of(settings.assets_dir, DETECTOR),
        judge.recognizer,
    )
