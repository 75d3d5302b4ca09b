"""Searching for better values of a recipe: many short runs, each with other values."""

from core.training.recipes.toml_file import recipe_as_toml
from core.training.sweeps.plan import PRUNERS, SweepPlan
from core.training.sweeps.search_space import (
    Between,
    OneOf,
    Range,
    Usual,
    Value,
    range_from,
    usual_ranges,
    values_of,
)
from core.training.sweeps.status import SweepSeen, TrialSeen, TrialState, read_sweep

__all__ = [
    "PRUNERS",
    "Between",
    "OneOf",
    "Range",
    "SweepPlan",
    "SweepSeen",
    "TrialSeen",
    "TrialState",
    "Usual",
    "Value",
    "range_from",
    "read_sweep",
    "recipe_as_toml",
    "usual_ranges",
    "values_of",
]
