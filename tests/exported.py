"""Sessions as files, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain import Session, Timeline
from core.sessions import DerivedColumns
from core.sessions.exporters import EXPORTS, ExportBatch, ExportSource


def exported(ending: str, *sources: ExportSource) -> bytes:
    """A file of these sessions."""
    return EXPORTS[ending].content(ExportBatch.of(*sources))


def csv_bytes(session: Session, timeline: Timeline, derived: DerivedColumns) -> bytes:
    """The table of rows as CSV."""
    return exported(".csv", ExportSource(session, timeline, derived))


def zip_bytes(
    session: Session, timeline: Timeline, derived: DerivedColumns, about: Mapping[str, Any]
) -> bytes:
    """The archive."""
    return exported(".zip", ExportSource(session, timeline, derived, about))
