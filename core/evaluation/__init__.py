"""From predictions and truth to a report that can be believed."""

from core.evaluation.metrics.calibration import fit_temperature, not_sure_threshold
from core.evaluation.metrics.scoring import judge

__all__ = ["fit_temperature", "judge", "not_sure_threshold"]
