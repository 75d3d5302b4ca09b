"""The file formats that a session can be exported as: page and command offer each of `EXPORTS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from core.domain import Session, Timeline
from core.domain.errors import PlanError
from core.sessions.exporters.csv_file import DerivedColumns, csv_bytes
from core.sessions.exporters.zip_archive import zip_bytes


@dataclass(frozen=True)
class ExportFormat:
    """A kind of file that a session is exported as.

    Attributes:
        title: of its button.
        mime: its media type.
        write: session, rows with the model's own scores, derived columns, and further values about
            the session (the model's card, its calibrations) -> the file's content.
    """

    title: str
    mime: str
    write: Callable[[Session, Timeline, DerivedColumns, Mapping[str, Any]], bytes]


def _csv(
    session: Session, rows: Timeline, derived: DerivedColumns, _about: Mapping[str, Any]
) -> bytes:
    return csv_bytes(session, rows, derived)


EXPORTS: Mapping[str, ExportFormat] = {
    ".csv": ExportFormat("Download CSV", "text/csv", _csv),
    ".zip": ExportFormat("All files (ZIP)", "application/zip", zip_bytes),
}
"""Suffix -> export format."""


def export_suffix(file_name: str) -> str:
    """The key of `EXPORTS` that a file's name ends in, in upper or lower case.

    Raises:
        PlanError: no session is exported so.
    """
    suffix = PurePath(file_name).suffix.lower()
    if suffix in EXPORTS:
        return suffix
    raise PlanError(
        f"No session can be written as {file_name}.",
        advice=f"End its name in {' or '.join(EXPORTS)}.",
    )
