"""The file formats that sessions can be exported as: page and command offer each of `EXPORTS`."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from core.domain.errors import PlanError
from core.sessions.exporters.elan import write_eaf
from core.sessions.exporters.export_source import ExportBatch
from core.sessions.exporters.foreign_tables import write_boris, write_fex, write_openface
from core.sessions.exporters.html_report import write_html
from core.sessions.exporters.table_files import write_csv, write_json, write_parquet
from core.sessions.exporters.workbook import write_xlsx
from core.sessions.exporters.xapi import write_xapi
from core.sessions.exporters.zip_archive import write_zip


@dataclass(frozen=True)
class ExportFormat:
    """A kind of file that sessions are exported as.

    Attributes:
        title: in lists.
        mime: its media type.
        write: writes the sessions of a batch, one after another.
        about: what it holds, in a sentence.
        has_bins: whether the length of bins changes it.
        needs_consent: whether it is refused where none is stored.
    """

    title: str
    mime: str
    write: Callable[[ExportBatch, BinaryIO], None]
    about: str
    has_bins: bool = False
    needs_consent: bool = False

    def content(self, batch: ExportBatch) -> bytes:
        """The file in memory."""
        written = io.BytesIO()
        self.write(batch, written)
        return written.getvalue()


_CSV, _PARQUET = "text/csv", "application/vnd.apache.parquet"

EXPORTS: Mapping[str, ExportFormat] = {
    ".csv": ExportFormat(
        "CSV", _CSV, partial(write_csv, table="rows"), "A row a face a frame, with every measure."
    ),
    ".zip": ExportFormat(
        "All files (ZIP)",
        "application/zip",
        write_zip,
        "Every table as CSV, blendshapes, the codebook and what is known of the session.",
    ),
    ".seconds.csv": ExportFormat(
        "CSV of seconds",
        _CSV,
        partial(write_csv, table="seconds"),
        "A row a face a second, or another length: means over the measured time.",
        has_bins=True,
    ),
    ".intervals.csv": ExportFormat(
        "CSV of intervals",
        _CSV,
        partial(write_csv, table="intervals"),
        "Questions, pauses, what was shown, and where a measure holds: begin and end.",
    ),
    ".events.csv": ExportFormat(
        "CSV of events", _CSV, partial(write_csv, table="events"), "Marks, each at its time."
    ),
    ".parquet": ExportFormat(
        "Parquet",
        _PARQUET,
        partial(write_parquet, table="rows"),
        "The rows with blendshapes, for pandas, R and DuckDB; the codebook is in its metadata.",
    ),
    ".seconds.parquet": ExportFormat(
        "Parquet of seconds",
        _PARQUET,
        partial(write_parquet, table="seconds"),
        "The table of seconds; the codebook is in its metadata.",
        has_bins=True,
    ),
    ".json": ExportFormat(
        "JSON",
        "application/json",
        write_json,
        "Every table, blendshapes, the codebook and what is known of the session.",
        has_bins=True,
    ),
    ".xlsx": ExportFormat(
        "Excel workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write_xlsx,
        "Figures of each face, seconds with charts, intervals, events and the codebook.",
        has_bins=True,
    ),
    ".html": ExportFormat(
        "Report to print (HTML)",
        "text/html",
        write_html,
        "A page for the person, with charts and what figures cannot tell; its print is a PDF.",
    ),
    ".fex.csv": ExportFormat(
        "Py-Feat (Fex CSV)",
        _CSV,
        write_fex,
        "For Py-Feat's read_feat: boxes, head pose in radians and expressions; action units and "
        "landmarks are empty, as Mien does not measure them.",
    ),
    ".openface.csv": ExportFormat(
        "OpenFace-like CSV",
        _CSV,
        write_openface,
        "Time, confidence and head pose in OpenFace's columns and signs; gaze and action units are "
        "empty, as Mien does not measure them.",
    ),
    ".eaf": ExportFormat(
        "ELAN (.eaf)",
        "application/xml",
        write_eaf,
        "One session as tiers of ELAN: questions, what was shown, where measures hold, marks.",
    ),
    ".boris.csv": ExportFormat(
        "BORIS (tabular events)",
        _CSV,
        write_boris,
        "Begin and end of every interval, and every mark, as BORIS exports tabular events.",
    ),
    ".xapi.json": ExportFormat(
        "xAPI statements",
        "application/json",
        write_xapi,
        "What a person did, for a learning record store: only with consent, and nothing measured.",
        needs_consent=True,
    ),
}
"""End of a file's name -> export format."""


def export_suffix(file_name: str) -> str:
    """The key of `EXPORTS` that a file's name ends in, the longest one; in upper or lower case.

    Raises:
        PlanError: no session is exported so.
    """
    name = file_name.lower()
    endings = sorted((one for one in EXPORTS if name.endswith(one)), key=len)
    if endings:
        return endings[-1]
    raise PlanError(
        f"No session can be written as {file_name}.",
        advice=f"End its name in {', '.join(EXPORTS)}.",
    )
