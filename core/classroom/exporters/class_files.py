"""The files that a lesson can be taken home as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.classroom.exporters.class_report import ClassReport
from core.classroom.exporters.class_tables import codebook_csv, minutes_csv, slides_csv, workbook
from core.classroom.exporters.html_report import html_report


@dataclass(frozen=True)
class ClassFile:
    """One of them.

    Attributes:
        name: of the file.
        title: on its button.
        mime: its type.
        content: of the file.
    """

    name: str
    title: str
    mime: str
    content: bytes


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES: Mapping[str, tuple[str, str, Callable[[ClassReport], bytes]]] = {
    "report.html": ("Report to print", "text/html", html_report),
    "class.xlsx": ("Everything (XLSX)", _XLSX, workbook),
    "minutes.csv": ("CSV per minute", "text/csv", minutes_csv),
    "slides.csv": ("CSV per slide", "text/csv", slides_csv),
    "codebook.csv": ("Codebook (CSV)", "text/csv", codebook_csv),
}


def class_files(report: ClassReport) -> tuple[ClassFile, ...]:
    """A lesson as files; "CSV per slide" only where something was marked."""
    return tuple(
        ClassFile(name, title, mime, write(report))
        for name, (title, mime, write) in _FILES.items()
        if report.slides or write is not slides_csv
    )
