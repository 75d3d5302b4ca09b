"""From a face to scores, smoothed over time; and the model that is asked."""

from core.vision.recognition.dataset_scores import judge_of_labels, judge_pictures
from core.vision.recognition.live_model import (
    Judge,
    UsedModel,
    load_judge,
    load_quickest_judge,
    used_model,
)

__all__ = [
    "Judge",
    "UsedModel",
    "judge_of_labels",
    "judge_pictures",
    "load_judge",
    "load_quickest_judge",
    "used_model",
]
