"""Observations on disk: append, read back, export, delete."""

from core.sessions.codebook import ShownAs, codebook_rows
from core.sessions.demo import demo_session
from core.sessions.export import (
    Measured,
    codebook_bytes,
    csv_bytes,
    json_lines,
    read_csv,
    session_table,
    zip_bytes,
)
from core.sessions.store import SessionEntry, SessionStore
from core.sessions.titles import default_title, distinct_titles

__all__ = [
    "Measured",
    "SessionEntry",
    "SessionStore",
    "ShownAs",
    "codebook_bytes",
    "codebook_rows",
    "csv_bytes",
    "default_title",
    "demo_session",
    "distinct_titles",
    "json_lines",
    "read_csv",
    "session_table",
    "zip_bytes",
]
