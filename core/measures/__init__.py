"""What observations say over time, weighted in seconds, with every part visible."""

from core.measures.eyes import perclos
from core.measures.facing import DEFAULT_CONE, FacingCone, facing, is_facing
from core.measures.summary import (
    NOT_SURE,
    Change,
    FaceSummary,
    SessionSummary,
    shown_labels,
    summarise,
)
from core.measures.trend import Trend, bucketed
from core.measures.views import OWN, ScoreView, expect_view, view_named, views_of

__all__ = [
    "DEFAULT_CONE",
    "NOT_SURE",
    "OWN",
    "Change",
    "FaceSummary",
    "FacingCone",
    "ScoreView",
    "SessionSummary",
    "Trend",
    "bucketed",
    "expect_view",
    "facing",
    "is_facing",
    "perclos",
    "shown_labels",
    "summarise",
    "view_named",
    "views_of",
]
