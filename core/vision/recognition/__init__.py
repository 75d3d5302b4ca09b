"""From a face to scores, smoothed over time; and the model that is asked."""

from core.vision.recognition.dataset_scores import judge_of_labels, predict_dataset
from core.vision.recognition.live_model import (
    Judge,
    UsedModel,
    load_judge,
    load_quickest_judge,
    predictor_named,
    used_model,
)

__all__ = [
    "Judge",
    "UsedModel",
    "judge_of_labels",
    "load_judge",
    "load_quickest_judge",
    "predict_dataset",
    "predictor_named",
    "used_model",
]
