"""Drift detection: observations compared with a reference."""

from core.drift.detection import MIN_ROWS, measure, reference_phrase
from core.drift.drift_notice import drift_notice
from core.drift.drift_report import (
    DriftReport,
    DriftVerdict,
    LabelConsistency,
    QuantityDrift,
    RetrainingProposal,
    report_csv,
    report_json,
)
from core.drift.quantity import QUANTITY_TEXT, Change, Quantity
from core.drift.quantity_columns import (
    NO_PREDICTION,
    ClassMix,
    Columns,
    columns_of_pictures,
    columns_of_timeline,
    concatenate,
    without_labels,
)
from core.drift.reference import DriftReference, MixReference, NumberReference
from core.drift.reference_fitting import (
    MIN_INDEPENDENT,
    reference_from_columns,
    reference_of_pictures,
)
from core.drift.reference_store import (
    MODEL_FILE,
    StoredReference,
    default_reference,
    delete_reference,
    list_references,
    load_reference,
    name_of,
    replace_reference,
    save_reference,
)
from core.drift.retraining import MIN_FACES, label_consistency, propose_retraining, read_labels
from core.drift.window import (
    WATCHED_DAYS,
    SessionColumns,
    Window,
    newest_session,
    sessions_of_days,
    source_of,
    watched_sessions,
    window_of,
    window_of_main_model,
)

__all__ = [
    "MIN_FACES",
    "MIN_INDEPENDENT",
    "MIN_ROWS",
    "MODEL_FILE",
    "NO_PREDICTION",
    "QUANTITY_TEXT",
    "WATCHED_DAYS",
    "Change",
    "ClassMix",
    "Columns",
    "DriftReference",
    "DriftReport",
    "DriftVerdict",
    "LabelConsistency",
    "MixReference",
    "NumberReference",
    "Quantity",
    "QuantityDrift",
    "RetrainingProposal",
    "SessionColumns",
    "StoredReference",
    "Window",
    "columns_of_pictures",
    "columns_of_timeline",
    "concatenate",
    "default_reference",
    "delete_reference",
    "drift_notice",
    "label_consistency",
    "list_references",
    "load_reference",
    "measure",
    "name_of",
    "newest_session",
    "propose_retraining",
    "read_labels",
    "reference_from_columns",
    "reference_of_pictures",
    "reference_phrase",
    "replace_reference",
    "report_csv",
    "report_json",
    "save_reference",
    "sessions_of_days",
    "source_of",
    "watched_sessions",
    "window_of",
    "window_of_main_model",
    "without_labels",
]
