"""From predictions and truth to a report that can be believed."""

from core.evaluation.metrics.calibration import fit_temperature, not_sure_threshold
from core.evaluation.metrics.split_report import score_predictions

__all__ = [
    "fit_temperature",
    "not_sure_threshold",
    "score_predictions",
]
