"""Hyperparameter search: many short runs of a recipe, each with other values."""

from core.training.recipes.toml_file import recipe_as_toml
from core.training.sweeps.plan import (
    DEFAULT_TRIALS,
    MOST_AT_ONCE,
    MOST_TRIALS,
    PRUNERS,
    SweepPlan,
)
from core.training.sweeps.search_space import (
    Between,
    DefaultRange,
    OneOf,
    Range,
    Value,
    default_ranges,
    range_from,
    values_of,
)
from core.training.sweeps.summary import SweepSummary, TrialState, TrialSummary, read_sweep

__all__ = [
    "DEFAULT_TRIALS",
    "MOST_AT_ONCE",
    "MOST_TRIALS",
    "PRUNERS",
    "Between",
    "DefaultRange",
    "OneOf",
    "Range",
    "SweepPlan",
    "SweepSummary",
    "TrialState",
    "TrialSummary",
    "Value",
    "default_ranges",
    "range_from",
    "read_sweep",
    "recipe_as_toml",
    "values_of",
]
