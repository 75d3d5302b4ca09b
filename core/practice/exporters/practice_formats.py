"""The files that a practice can be taken home as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.practice.exporters.content import PracticeContent
from core.practice.exporters.csv_files import answers_csv, seconds_csv
from core.practice.exporters.html_report import html_report
from core.practice.exporters.zip_file import practice_zip


@dataclass(frozen=True)
class PracticeFormat:
    """One of them.

    Attributes:
        title: on its button.
        mime: its type.
        write: makes it.
    """

    title: str
    mime: str
    write: Callable[[PracticeContent], bytes]


PRACTICE_EXPORTS: Mapping[str, PracticeFormat] = {
    "report.html": PracticeFormat("Report to print", "text/html", html_report),
    "answers.csv": PracticeFormat("CSV per answer", "text/csv", answers_csv),
    "seconds.csv": PracticeFormat("CSV per second", "text/csv", seconds_csv),
    "practice.zip": PracticeFormat("Everything (ZIP)", "application/zip", practice_zip),
}
"""End of the file's name -> its format."""
