"""How far what is seen has moved from what was seen before."""

from core.drift.columns import (
    NOT_JUDGED,
    ClassMix,
    Columns,
    columns_of_pictures,
    columns_of_timeline,
    joined,
    without_labels,
)
from core.drift.detection import MIN_ROWS, measure, time_of
from core.drift.drift_report import report_csv, report_json
from core.drift.reference import DriftReference, MixReference, NumberReference
from core.drift.reference_fitting import (
    MIN_INDEPENDENT,
    reference_from_columns,
    reference_of_pictures,
)
from core.drift.reference_store import (
    MODEL_FILE,
    ShelvedReference,
    default_reference,
    delete_reference,
    list_references,
    load_reference,
    name_of,
    replace_reference,
    save_reference,
)
from core.drift.retraining import MIN_FACES, label_consistency, proposal, read_labels
from core.drift.sentences import QUANTITY_WORDS, listed
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
    "NOT_JUDGED",
    "QUANTITY_WORDS",
    "WATCHED_DAYS",
    "ClassMix",
    "Columns",
    "DriftReference",
    "MixReference",
    "NumberReference",
    "SessionColumns",
    "ShelvedReference",
    "Window",
    "columns_of_pictures",
    "columns_of_timeline",
    "default_reference",
    "delete_reference",
    "joined",
    "label_consistency",
    "list_references",
    "listed",
    "load_reference",
    "measure",
    "name_of",
    "newest_session",
    "proposal",
    "read_labels",
    "reference_from_columns",
    "reference_of_pictures",
    "replace_reference",
    "report_csv",
    "report_json",
    "save_reference",
    "sessions_of_days",
    "source_of",
    "time_of",
    "watched_sessions",
    "window_of",
    "window_of_main_model",
    "without_labels",
]
