"""Metrics, curves, calibration, significance tests and learning curves, as pure functions."""

from core.evaluation.metrics.calibration import (
    TARGET_ACCURACY,
    Reliability,
    expected_calibration_error,
    fit_temperature,
)
from core.evaluation.metrics.curves import ClassCurves
from core.evaluation.metrics.learning_curve import LearningCurvePoint, extrapolate
from core.evaluation.metrics.logarithmic_loss import log_loss, log_losses
from core.evaluation.metrics.selective import RiskCoverage
from core.evaluation.metrics.significance import (
    Difference,
    PairedTest,
    holm,
    paired_difference,
    unpaired_difference,
)

__all__ = [
    "TARGET_ACCURACY",
    "ClassCurves",
    "Difference",
    "LearningCurvePoint",
    "PairedTest",
    "Reliability",
    "RiskCoverage",
    "expected_calibration_error",
    "extrapolate",
    "fit_temperature",
    "holm",
    "log_loss",
    "log_losses",
    "paired_difference",
    "unpaired_difference",
]
