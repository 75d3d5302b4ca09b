"""What observations say over time, weighted in seconds, with every part visible."""

from core.measures.eyes import perclos
from core.measures.facing import DEFAULT_CONE, FacingCone, facing
from core.measures.summary import (
    NOT_SURE,
    Change,
    FaceSummary,
    SessionSummary,
    shown_labels,
    summarise,
)
from core.measures.trend import Trend, bucketed

__all__ = [
    "DEFAULT_CONE",
    "NOT_SURE",
    "Change",
    "FaceSummary",
    "FacingCone",
    "SessionSummary",
    "Trend",
    "bucketed",
    "facing",
    "perclos",
    "shown_labels",
    "summarise",
]
