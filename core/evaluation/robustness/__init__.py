"""Robustness: accuracy on corrupted pictures, by picture quality, and of face detection."""

from core.evaluation.robustness import presentation
from core.evaluation.robustness.accuracy_by_quality import (
    QUALITY_MEASURES,
    AccuracyByQuality,
    PictureMeasures,
    QualityFifth,
    measure_quality,
)
from core.evaluation.robustness.corruptions import CORRUPTIONS, corrupted
from core.evaluation.robustness.detection_rate import DetectionCurve, DetectionReport
from core.evaluation.robustness.plan import KIND, RobustnessPlan
from core.evaluation.robustness.presentation import range_of, robustness_csv, written_on_frames
from core.evaluation.robustness.report import CorruptionCurve, CorruptionPoint, RobustnessReport

__all__ = [
    "CORRUPTIONS",
    "KIND",
    "QUALITY_MEASURES",
    "AccuracyByQuality",
    "CorruptionCurve",
    "CorruptionPoint",
    "DetectionCurve",
    "DetectionReport",
    "PictureMeasures",
    "QualityFifth",
    "RobustnessPlan",
    "RobustnessReport",
    "corrupted",
    "measure_quality",
    "presentation",
    "range_of",
    "robustness_csv",
    "written_on_frames",
]
