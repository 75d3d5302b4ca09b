"""Builds analysers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.settings import Settings
from core.vision.analyser import FaceAnalyser, FaceModels
from core.vision.assets import DETECTOR, LANDMARKER, path_of
from core.vision.contracts import EmotionRecognizer
from core.vision.faces.detector import CenterFaceDetector
from core.vision.faces.landmarker import FaceLandmarker
from core.vision.faces.tracker import CONFIRMED_HITS, OverlapTracker
from core.vision.recognition.live_model import LoadedModel
from core.vision.recognition.score_smoother import ScoreSmoother

MIN_CONFIDENCE = 0.3  # of a tracked face; the tracker requires more of a new one
NEAR_FACES = 2  # two people at one screen; more are found by the detector


def build_analyser(
    landmarker: Path, detector: Path, recognizer: EmotionRecognizer, *, ready: bool = True
) -> FaceAnalyser:
    """An analyser for one stream; a face is confirmed by its second detection.

    Args:
        landmarker: path of `face_landmarker.task`.
        detector: path of `centerface.onnx`.
        recognizer: may be shared between streams.
        ready: see `OverlapTracker`.
    Raises:
        AssetError: a file cannot be used.
    """
    return _analyser(landmarker, detector, recognizer, follows=True, ready=ready)


def build_still_analyser(
    landmarker: Path, detector: Path, recognizer: EmotionRecognizer, *, ready: bool = True
) -> FaceAnalyser:
    """An analyser for pictures, or for frames at long intervals: no face is followed, and every
    face has a number at once.

    Call `reset` between unrelated pictures.

    Args:
        landmarker, detector, recognizer, ready: as for `build_analyser`.
    Raises:
        AssetError: a file cannot be used.
    """
    return _analyser(landmarker, detector, recognizer, follows=False, ready=ready)


def _analyser(
    landmarker: Path, detector: Path, recognizer: EmotionRecognizer, *, follows: bool, ready: bool
) -> FaceAnalyser:
    return FaceAnalyser(
        FaceModels(
            near=FaceLandmarker(landmarker, faces=NEAR_FACES, follows=follows),
            close_up=FaceLandmarker(landmarker, faces=1, follows=False),
            detector=CenterFaceDetector(detector, min_confidence=MIN_CONFIDENCE),
        ),
        recognizer,
        tracker=OverlapTracker(min_hits=CONFIRMED_HITS if follows else 1, ready=ready),
        smoother=ScoreSmoother(),
    )


def open_analyser(settings: Settings, model: LoadedModel, *, ready: bool = True) -> FaceAnalyser:
    """An analyser for one stream.

    Args:
        ready: see `OverlapTracker`.
    Raises:
        AssetError: set-up is not complete.
    """
    return _opened(partial(build_analyser, ready=ready), settings, model)


def open_still_analyser(
    settings: Settings, model: LoadedModel, *, ready: bool = True
) -> FaceAnalyser:
    """An analyser for unrelated pictures; reset it between two.

    Args:
        ready: see `OverlapTracker`.
    Raises:
        AssetError: set-up is not complete.
    """
    return _opened(partial(build_still_analyser, ready=ready), settings, model)


def _opened(
    build: Callable[[Path, Path, EmotionRecognizer], FaceAnalyser],
    settings: Settings,
    model: LoadedModel,
) -> FaceAnalyser:
    return build(
        path_of(settings.assets_dir, LANDMARKER),
        path_of(settings.assets_dir, DETECTOR),
        model.recognizer,
    )
