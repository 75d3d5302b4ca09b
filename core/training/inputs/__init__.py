"""Training inputs: validated data, folds, teachers, initial weights, sample pictures."""

from core.training.inputs.dataset_check import labelled_only
from core.training.inputs.training_data import expect_levels, expect_levels_of_plan, small_data_plan
from core.training.inputs.warm_start import fine_tunable, fine_tuning_from

__all__ = [
    "expect_levels",
    "expect_levels_of_plan",
    "fine_tunable",
    "fine_tuning_from",
    "labelled_only",
    "small_data_plan",
]
