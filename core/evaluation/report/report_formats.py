"""The file formats of a report: the page offers them, and the command writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from core.domain.errors import PlanError
from core.evaluation.report.content import FullReport
from core.evaluation.report.html_page import to_html
from core.evaluation.report.json_file import to_json
from core.evaluation.report.markdown_file import to_markdown


@dataclass(frozen=True)
class ReportFormat:
    """A file format of a report.

    Attributes:
        file_name: last part of a downloaded file's name, with its suffix.
        mime: MIME type.
        title: on screen.
        about: one sentence on what the file is for.
        write: gives the file's text.
    """

    file_name: str
    mime: str
    title: str
    about: str
    write: Callable[[FullReport], str]

    @property
    def suffix(self) -> str:
        """Such as ".html"."""
        return PurePath(self.file_name).suffix


REPORT_FORMATS = (
    ReportFormat(
        "report.html",
        "text/html",
        "Report (HTML)",
        "One file that needs no network. To make a PDF of it, open it and print it to a file.",
        to_html,
    ),
    ReportFormat(
        "report.json",
        "application/json",
        "Metrics (JSON)",
        "Every metric with its 95 % CI, for other programs.",
        to_json,
    ),
    ReportFormat(
        "model-card.md",
        "text/markdown",
        "Model card (Markdown)",
        "To publish beside the model: what it is, how good, and what it is not for.",
        to_markdown,
    ),
)

REPORT_SUFFIXES = tuple(one.suffix for one in REPORT_FORMATS)


def report_format(file_name: str) -> ReportFormat:
    """The format that a file's suffix names, in upper or lower case.

    Raises:
        PlanError: none has this suffix.
    """
    suffix = PurePath(file_name).suffix.lower()
    for one in REPORT_FORMATS:
        if one.suffix == suffix:
            return one
    raise PlanError(
        f"No report can be written as {file_name}.",
        advice=f"End its name in {' or '.join(REPORT_SUFFIXES)}.",
    )
