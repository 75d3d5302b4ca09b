"""What is seen of runs: previews, TensorBoard, durations, comparisons, provenance."""

from core.training.monitoring import tensorboard
from core.training.monitoring.duration_estimate import comparable_pace, left_s, whole_s
from core.training.monitoring.measured_figures import (
    label_of,
    measured_recipes,
    measured_words,
    recipe_figures,
)
from core.training.monitoring.model_attachments import attach_folds, attach_reference
from core.training.monitoring.preview import Preview, PreviewPlan, find_preview
from core.training.monitoring.provenance import surroundings_of
from core.training.monitoring.retraining import retraining_plan
from core.training.monitoring.run_comparison import (
    RunRow,
    Verdict,
    best_of,
    compare,
    damaged_runs,
    differing,
    row_of,
)

__all__ = [
    "Preview",
    "PreviewPlan",
    "RunRow",
    "Verdict",
    "attach_folds",
    "attach_reference",
    "best_of",
    "comparable_pace",
    "compare",
    "damaged_runs",
    "differing",
    "find_preview",
    "label_of",
    "left_s",
    "measured_recipes",
    "measured_words",
    "recipe_figures",
    "retraining_plan",
    "row_of",
    "surroundings_of",
    "tensorboard",
    "whole_s",
]
