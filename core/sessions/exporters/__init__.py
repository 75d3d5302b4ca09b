"""Formats in which a session leaves."""

from core.sessions.exporters.stored_session import (
    export_csv,
    export_table,
    export_zip,
    measured_of,
    shown_with,
    stored_since,
)

__all__ = [
    "export_csv",
    "export_table",
    "export_zip",
    "measured_of",
    "shown_with",
    "stored_since",
]
