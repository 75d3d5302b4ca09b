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
from core.drift.consistency import MIN_FACES, label_consistency, read_labels
from core.drift.export import report_csv, report_json
from core.drift.making import MIN_INDEPENDENT, reference_from_columns
from core.drift.measure import MIN_ROWS, measure, time_of
from core.drift.pictures import reference_of_pictures
from core.drift.proposal import proposal
from core.drift.reference import DriftReference, MixReference, NumberReference
from core.drift.shelf import (
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
from core.drift.words import QUANTITY_WORDS, listed

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
