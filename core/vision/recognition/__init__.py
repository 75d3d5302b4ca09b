"""Recognition: from faces to scores, smoothed over time."""

from core.vision.recognition.dataset_scores import label_noise_model, predict_dataset
from core.vision.recognition.live_model import (
    LoadedModel,
    ModelVersion,
    load_live_model,
    load_model,
    model_version,
    predictor_named,
)

__all__ = [
    "LoadedModel",
    "ModelVersion",
    "label_noise_model",
    "load_live_model",
    "load_model",
    "model_version",
    "predict_dataset",
    "predictor_named",
]
