"""What observations say over time, weighted in seconds, with every part visible."""

from core.measures.durations import LONGEST_S, seconds_of_rows
from core.measures.signals.expressiveness import ExpressivenessColumns, expressiveness
from core.measures.signals.eyes import perclos
from core.measures.signals.facing import DEFAULT_CONE, FacingCone, facing, is_facing
from core.measures.signals.movement_view import (
    NOT_CALIBRATED,
    OWN_BASELINE,
    MovementView,
    basis_words,
    has_movement,
)
from core.measures.signals.running_expressiveness import RunningExpressiveness
from core.measures.summary import (
    ENOUGH_USABLE,
    NOT_SURE,
    Change,
    FaceSummary,
    SessionSummary,
    labelled,
    shown_labels,
    summarise,
)
from core.measures.trend import Trend, bucketed
from core.measures.views import OWN, ScoreView, expect_view, view_named, views_of

__all__ = [
    "DEFAULT_CONE",
    "ENOUGH_USABLE",
    "LONGEST_S",
    "NOT_CALIBRATED",
    "NOT_SURE",
    "OWN",
    "OWN_BASELINE",
    "Change",
    "ExpressivenessColumns",
    "FaceSummary",
    "FacingCone",
    "MovementView",
    "RunningExpressiveness",
    "ScoreView",
    "SessionSummary",
    "Trend",
    "basis_words",
    "bucketed",
    "expect_view",
    "expressiveness",
    "facing",
    "has_movement",
    "is_facing",
    "labelled",
    "perclos",
    "seconds_of_rows",
    "shown_labels",
    "summarise",
    "view_named",
    "views_of",
]
