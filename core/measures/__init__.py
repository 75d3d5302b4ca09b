"""Measures over the observations of a session, weighted in seconds."""

from core.measures.basis import CALIBRATED, TOO_LITTLE, basis_values, too_slow
from core.measures.bins import Bins, binned_measure, stretches
from core.measures.calibrate import (
    CLOSURE_S,
    CORNER_S,
    CORNERS,
    NEUTRAL_S,
    calibrate,
    eye_range,
    facing_cone,
    resting_face,
    resting_shapes,
)
from core.measures.calibration import (
    DEFAULT_CONE,
    LIVE_BLENDSHAPES,
    Calibration,
    CalibrationPart,
    EyeRange,
    FacingCone,
    RestingShape,
)
from core.measures.durations import MAX_GAP_S, seconds_of_rows
from core.measures.face_rows import with_absences
from core.measures.group_synchrony import group_synchrony, synchrony_text, why_no_synchrony
from core.measures.index_weights import (
    DEFAULT_WEIGHTS,
    PART_TITLES,
    PARTS,
    IndexWeights,
    contributions,
    index_of,
    weights_from,
)
from core.measures.index_windows import IndexWindows, index_windows
from core.measures.measure import Measure, Part
from core.measures.population import Population, population
from core.measures.registry import MEASURES
from core.measures.session_figures import MeasureFigure, measure_figures
from core.measures.session_measures import TEXT_COLUMNS, Columns, measure_session, why_empty
from core.measures.signals.activity import SecondActivity, activity_of_seconds
from core.measures.signals.blinks import blinks_per_minute
from core.measures.signals.engagement import WINDOW_S as INDEX_WINDOW_S
from core.measures.signals.facing import is_facing
from core.measures.signals.movement_view import (
    NOT_CALIBRATED,
    OWN_BASELINE,
    MovementView,
    baseline_text,
    has_movement,
    percentile_text,
)
from core.measures.signals.running_expressiveness import RunningExpressiveness
from core.measures.signals.running_parts import RunningParts, SecondParts
from core.measures.signals.smile import SMILING_AT
from core.measures.signals.tension import tension_now
from core.measures.summary import (
    ENOUGH_USABLE,
    NOT_SURE,
    ExpressionChange,
    FaceSummary,
    SessionSummary,
    shown_labels,
    shown_shares,
    summarise,
    with_shown_labels,
)
from core.measures.synchrony import STEP_S as SYNCHRONY_STEP_S
from core.measures.synchrony import WINDOW_S as SYNCHRONY_WINDOW_S
from core.measures.synchrony import Synchrony, synchrony
from core.measures.trend import Trend, binned_trend
from core.measures.views import (
    MEASURES_ONLY,
    OWN,
    MeasuresOnly,
    MergedView,
    ScoreView,
    expect_view,
    in_view,
    view_named,
    views_of,
)
from core.measures.weight_sensitivity import WeightSensitivity, weight_sensitivity
from core.measures.windows import ENOUGH_OF_WINDOW, seconds_of_face

__all__ = [
    "CALIBRATED",
    "CLOSURE_S",
    "CORNERS",
    "CORNER_S",
    "DEFAULT_CONE",
    "DEFAULT_WEIGHTS",
    "ENOUGH_OF_WINDOW",
    "ENOUGH_USABLE",
    "INDEX_WINDOW_S",
    "LIVE_BLENDSHAPES",
    "MAX_GAP_S",
    "MEASURES",
    "MEASURES_ONLY",
    "NEUTRAL_S",
    "NOT_CALIBRATED",
    "NOT_SURE",
    "OWN",
    "OWN_BASELINE",
    "PARTS",
    "PART_TITLES",
    "SMILING_AT",
    "SYNCHRONY_STEP_S",
    "SYNCHRONY_WINDOW_S",
    "TEXT_COLUMNS",
    "TOO_LITTLE",
    "Bins",
    "Calibration",
    "CalibrationPart",
    "Columns",
    "ExpressionChange",
    "EyeRange",
    "FaceSummary",
    "FacingCone",
    "IndexWeights",
    "IndexWindows",
    "Measure",
    "MeasureFigure",
    "MeasuresOnly",
    "MergedView",
    "MovementView",
    "Part",
    "Population",
    "RestingShape",
    "RunningExpressiveness",
    "RunningParts",
    "ScoreView",
    "SecondActivity",
    "SecondParts",
    "SessionSummary",
    "Synchrony",
    "Trend",
    "WeightSensitivity",
    "activity_of_seconds",
    "baseline_text",
    "basis_values",
    "binned_measure",
    "binned_trend",
    "blinks_per_minute",
    "calibrate",
    "contributions",
    "expect_view",
    "eye_range",
    "facing_cone",
    "group_synchrony",
    "has_movement",
    "in_view",
    "index_of",
    "index_windows",
    "is_facing",
    "measure_figures",
    "measure_session",
    "percentile_text",
    "population",
    "resting_face",
    "resting_shapes",
    "seconds_of_face",
    "seconds_of_rows",
    "shown_labels",
    "shown_shares",
    "stretches",
    "summarise",
    "synchrony",
    "synchrony_text",
    "tension_now",
    "too_slow",
    "view_named",
    "views_of",
    "weight_sensitivity",
    "weights_from",
    "why_empty",
    "why_no_synchrony",
    "with_absences",
    "with_shown_labels",
]
