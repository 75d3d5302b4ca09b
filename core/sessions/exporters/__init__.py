"""Exporters of a session."""

from core.sessions.exporters.export_session import (
    EXPORTS,
    ExportFormat,
    export_session,
    export_table,
    measured_of,
    rows_since,
    threshold_of,
)

__all__ = [
    "EXPORTS",
    "ExportFormat",
    "export_session",
    "export_table",
    "measured_of",
    "rows_since",
    "threshold_of",
]
