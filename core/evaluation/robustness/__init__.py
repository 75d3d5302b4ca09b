"""What a model loses on corrupted pictures and by natural conditions."""

from core.evaluation.robustness import presentation
from core.evaluation.robustness.corruptions import CORRUPTIONS, corrupted
from core.evaluation.robustness.detection_rate import DetectionCurve, DetectionReport
from core.evaluation.robustness.natural_conditions import (
    NATURAL,
    Condition,
    NaturalCondition,
    PictureConditions,
    measure_conditions,
)
from core.evaluation.robustness.plan import KIND, ConditionsPlan
from core.evaluation.robustness.presentation import conditions_csv, range_of, written_on_frames
from core.evaluation.robustness.report import ConditionCurve, ConditionPoint, ConditionsReport

__all__ = [
    "CORRUPTIONS",
    "KIND",
    "NATURAL",
    "Condition",
    "ConditionCurve",
    "ConditionPoint",
    "ConditionsPlan",
    "ConditionsReport",
    "DetectionCurve",
    "DetectionReport",
    "NaturalCondition",
    "PictureConditions",
    "conditions_csv",
    "corrupted",
    "measure_conditions",
    "presentation",
    "range_of",
    "written_on_frames",
]
