"""What is learned from: checked data, folds, teachers, initial weights, sample pictures."""

from core.training.inputs.dataset_check import labelled_only
from core.training.inputs.training_data import expect_its_levels, expect_levels, fitted_plan
from core.training.inputs.warm_start import fine_tuning_from, fitting

__all__ = [
    "expect_its_levels",
    "expect_levels",
    "fine_tuning_from",
    "fitted_plan",
    "fitting",
    "labelled_only",
]
