"""Stored sessions: append, read, export, delete."""

from core.domain.session_title import MAX_TITLE_LENGTH, title_limit
from core.sessions.calibrations import KeptCalibration, MeasuredCalibration, own_values
from core.sessions.demo import demo_calibration, demo_session
from core.sessions.demo_group import demo_group
from core.sessions.end_interrupted import CHECK_INTERVAL, Recovery
from core.sessions.events import events_of
from core.sessions.exporters.codebook import ShownAs, codebook_rows
from core.sessions.exporters.csv_file import (
    DerivedColumns,
    codebook_bytes,
    json_lines,
    read_csv,
    session_table,
)
from core.sessions.heartbeat_timeouts import MAY_CONTINUE_FOR
from core.sessions.kept_calibrations import (
    forget_calibration,
    keep_calibration,
    kept_calibrations,
    replace_calibration,
    unreadable_kept,
)
from core.sessions.new_session import new_session
from core.sessions.people import (
    owner_of,
    participants_of,
    people_of,
    save_group,
    save_owner,
    save_participant,
    set_owner,
    set_participant,
)
from core.sessions.queries import key_of
from core.sessions.read_by import read_by, read_by_text
from core.sessions.row_removal import Stretch, delete_session, delete_stretch
from core.sessions.segments import begin_segment, end_segment, segments_of
from core.sessions.store import SessionStore
from core.sessions.stored_session import SessionEntry
from core.sessions.titles import default_title, distinct_titles
from core.sessions.unreadable_calibrations import unreadable_calibrations, unreadable_text
from core.sessions.writing import Batch

__all__ = [
    "CHECK_INTERVAL",
    "MAX_TITLE_LENGTH",
    "MAY_CONTINUE_FOR",
    "Batch",
    "DerivedColumns",
    "KeptCalibration",
    "MeasuredCalibration",
    "Recovery",
    "SessionEntry",
    "SessionStore",
    "ShownAs",
    "Stretch",
    "begin_segment",
    "codebook_bytes",
    "codebook_rows",
    "default_title",
    "delete_session",
    "delete_stretch",
    "demo_calibration",
    "demo_group",
    "demo_session",
    "distinct_titles",
    "end_segment",
    "events_of",
    "forget_calibration",
    "json_lines",
    "keep_calibration",
    "kept_calibrations",
    "key_of",
    "new_session",
    "own_values",
    "owner_of",
    "participants_of",
    "people_of",
    "read_by",
    "read_by_text",
    "read_csv",
    "replace_calibration",
    "save_group",
    "save_owner",
    "save_participant",
    "segments_of",
    "session_table",
    "set_owner",
    "set_participant",
    "title_limit",
    "unreadable_calibrations",
    "unreadable_kept",
    "unreadable_text",
]
