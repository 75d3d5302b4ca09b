"""Exporters of a session."""

from core.sessions.exporters.export_session import (
    EXPORTS,
    ExportFormat,
    derive_columns,
    export_session,
    export_table,
    rows_since,
    threshold_of,
)

__all__ = [
    "EXPORTS",
    "ExportFormat",
    "derive_columns",
    "export_session",
    "export_table",
    "rows_since",
    "threshold_of",
]
