"""Measures over the observations of a session, weighted in seconds."""

from core.measures.durations import MAX_GAP_S, seconds_of_rows
from core.measures.signals.expressiveness import ExpressivenessColumns, expressiveness
from core.measures.signals.eyes import perclos
from core.measures.signals.facing import DEFAULT_CONE, FacingCone, facing, is_facing
from core.measures.signals.movement_view import (
    NOT_CALIBRATED,
    OWN_BASELINE,
    MovementView,
    baseline_text,
    has_movement,
)
from core.measures.signals.running_expressiveness import RunningExpressiveness
from core.measures.summary import (
    ENOUGH_USABLE,
    NOT_SURE,
    ExpressionChange,
    FaceSummary,
    SessionSummary,
    shown_labels,
    summarise,
    with_shown_labels,
)
from core.measures.trend import Trend, binned_trend
from core.measures.views import (
    MEASURES_ONLY,
    OWN,
    MeasuresOnly,
    ScoreView,
    expect_view,
    view_named,
    views_of,
)

__all__ = [
    "DEFAULT_CONE",
    "ENOUGH_USABLE",
    "MAX_GAP_S",
    "MEASURES_ONLY",
    "NOT_CALIBRATED",
    "NOT_SURE",
    "OWN",
    "OWN_BASELINE",
    "ExpressionChange",
    "ExpressivenessColumns",
    "FaceSummary",
    "FacingCone",
    "MeasuresOnly",
    "MovementView",
    "RunningExpressiveness",
    "ScoreView",
    "SessionSummary",
    "Trend",
    "baseline_text",
    "binned_trend",
    "expect_view",
    "expressiveness",
    "facing",
    "has_movement",
    "is_facing",
    "perclos",
    "seconds_of_rows",
    "shown_labels",
    "summarise",
    "view_named",
    "views_of",
    "with_shown_labels",
]
