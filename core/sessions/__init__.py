"""Observations on disk: append, read back, export, delete."""

from core.sessions.demo import demo_session
from core.sessions.entry import SessionEntry
from core.sessions.exporters.codebook import ShownAs, codebook_rows
from core.sessions.exporters.table import (
    Measured,
    codebook_bytes,
    csv_bytes,
    json_lines,
    read_csv,
    session_table,
)
from core.sessions.exporters.zip_archive import zip_bytes
from core.sessions.recovery import Recovery
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
    "codebook_bytes",
    "codebook_rows",
    "csv_bytes",
    "default_title",
    "demo_session",
    "distinct_titles",
    "expect_title",
    "json_lines",
    "read_csv",
    "session_table",
    "title_room",
    "zip_bytes",
]
