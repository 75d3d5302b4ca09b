"""Observations on disk: append, read back, export, delete."""

from core.sessions.demo import demo_session
from core.sessions.entry import SessionEntry
from core.sessions.exporters.codebook import ShownAs, codebook_rows
from core.sessions.exporters.csv_file import (
    Measured,
    codebook_bytes,
    csv_bytes,
    json_lines,
    read_csv,
    session_table,
)
from core.sessions.exporters.zip_archive import zip_bytes
from core.sessions.people import (
    give_session,
    keep_group,
    keep_owner,
    keep_participant,
    name_face,
    owner_of,
    participants_of,
    people_of,
)
from core.sessions.recovery import Recovery
from core.sessions.segments import begin_segment, end_segment, segments_of
from core.sessions.store import SessionStore
from core.sessions.titles import (
    LONGEST_TITLE,
    default_title,
    distinct_titles,
    expect_title,
    title_room,
)

__all__ = [
    "LONGEST_TITLE",
    "Measured",
    "Recovery",
    "SessionEntry",
    "SessionStore",
    "ShownAs",
    "begin_segment",
    "codebook_bytes",
    "codebook_rows",
    "csv_bytes",
    "default_title",
    "demo_session",
    "distinct_titles",
    "end_segment",
    "expect_title",
    "give_session",
    "json_lines",
    "keep_group",
    "keep_owner",
    "keep_participant",
    "name_face",
    "owner_of",
    "participants_of",
    "people_of",
    "read_csv",
    "segments_of",
    "session_table",
    "title_room",
    "zip_bytes",
]
