"""Exporters of a session."""

from core.sessions.exporters.export_formats import EXPORTS, ExportFormat, export_suffix
from core.sessions.exporters.export_session import (
    derive_columns,
    export_session,
    export_table,
    file_facts,
    rows_since,
    threshold_of,
)

__all__ = [
    "EXPORTS",
    "ExportFormat",
    "derive_columns",
    "export_session",
    "export_suffix",
    "export_table",
    "file_facts",
    "rows_since",
    "threshold_of",
]
