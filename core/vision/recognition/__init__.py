"""From a face to scores, smoothed over time; and the model that is asked."""

from core.vision.recognition.dataset_scores import label_noise_model, predict_dataset
from core.vision.recognition.live_model import (
    LoadedModel,
    UsedModel,
    load_live_model,
    load_model,
    predictor_named,
    used_model,
)

__all__ = [
    "LoadedModel",
    "UsedModel",
    "label_noise_model",
    "load_live_model",
    "load_model",
    "predict_dataset",
    "predictor_named",
    "used_model",
]
