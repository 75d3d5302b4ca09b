"""Formats in which a session leaves."""

from core.sessions.exporters.export_session import (
    EXPORTS,
    ExportFormat,
    export_session,
    export_table,
    measured_of,
    shown_with,
    stored_since,
)

__all__ = [
    "EXPORTS",
    "ExportFormat",
    "export_session",
    "export_table",
    "measured_of",
    "shown_with",
    "stored_since",
]
