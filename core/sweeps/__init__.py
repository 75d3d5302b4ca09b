"""Searching for better values of a recipe: many short runs, each with other values."""

from core.sweeps.plan import PRUNERS, SweepPlan
from core.sweeps.ranges import Between, OneOf, Range, Value, range_from, values_of
from core.sweeps.recipe_file import recipe_as_toml
from core.sweeps.seen import SweepSeen, TrialSeen, TrialState, look_at_sweep
from core.sweeps.usual import Usual, usual_ranges

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
    "look_at_sweep",
    "range_from",
    "recipe_as_toml",
    "usual_ranges",
    "values_of",
]
