"""Exporters of a session."""

from core.sessions.exporters.export_formats import EXPORTS, ExportFormat, export_suffix
from core.sessions.exporters.export_session import (
    ExportOptions,
    derive_columns,
    export_session,
    rows_since,
    source_of,
    threshold_of,
    write_sessions,
)
from core.sessions.exporters.export_source import (
    LEAST_BIN_S,
    LONGEST_BIN_S,
    SECOND,
    ExportBatch,
    ExportSource,
    Pseudonyms,
)

__all__ = [
    "EXPORTS",
    "LEAST_BIN_S",
    "LONGEST_BIN_S",
    "SECOND",
    "ExportBatch",
    "ExportFormat",
    "ExportOptions",
    "ExportSource",
    "Pseudonyms",
    "derive_columns",
    "export_session",
    "export_suffix",
    "rows_since",
    "source_of",
    "threshold_of",
    "write_sessions",
]
