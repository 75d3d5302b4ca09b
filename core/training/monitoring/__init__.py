"""Monitoring of runs: previews, TensorBoard, durations, comparisons, provenance."""

from core.training.monitoring import tensorboard
from core.training.monitoring.duration_estimate import comparable_pace, remaining_s, total_s
from core.training.monitoring.measured_figures import (
    label_of,
    measured_recipes,
    measured_sentence,
    recipe_figures,
)
from core.training.monitoring.model_attachments import attach_folds, attach_reference
from core.training.monitoring.preview import Preview, PreviewPlan, find_preview
from core.training.monitoring.provenance import surroundings_of
from core.training.monitoring.retraining import retraining_plan
from core.training.monitoring.run_comparison import (
    RunComparison,
    RunRow,
    best_accuracy,
    compare_runs,
    damaged_runs,
    differing_entries,
    run_row,
)

__all__ = [
    "Preview",
    "PreviewPlan",
    "RunComparison",
    "RunRow",
    "attach_folds",
    "attach_reference",
    "best_accuracy",
    "comparable_pace",
    "compare_runs",
    "damaged_runs",
    "differing_entries",
    "find_preview",
    "label_of",
    "measured_recipes",
    "measured_sentence",
    "recipe_figures",
    "remaining_s",
    "retraining_plan",
    "run_row",
    "surroundings_of",
    "tensorboard",
    "total_s",
]
