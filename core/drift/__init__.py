"""How far what is seen has moved from what was seen before."""

from core.drift.columns import (
    NOT_JUDGED,
    ClassMix,
    Columns,
    columns_of_pictures,
    columns_of_timeline,
    joined,
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
    delete_reference,
    list_references,
    load_reference,
    name_of,
    replace_reference,
    save_reference,
)
from core.drift.window import newest_session, sessions_of_days, source_of
from core.drift.words import QUANTITY_WORDS

__all__ = [
    "MIN_FACES",
    "MIN_INDEPENDENT",
    "MIN_ROWS",
    "MODEL_FILE",
    "NOT_JUDGED",
    "QUANTITY_WORDS",
    "ClassMix",
    "Columns",
    "DriftReference",
    "MixReference",
    "NumberReference",
    "ShelvedReference",
    "columns_of_pictures",
    "columns_of_timeline",
    "delete_reference",
    "joined",
    "label_consistency",
    "list_references",
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
]
