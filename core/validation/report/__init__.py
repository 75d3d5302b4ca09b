"""Reports of a validation: JSON, Markdown and HTML, and the table on a terminal."""

from core.validation.report.content import ValidationReport, make_report
from core.validation.report.files import to_html, to_json, to_markdown
from core.validation.report.sentences import terminal_lines

__all__ = [
    "ValidationReport",
    "make_report",
    "terminal_lines",
    "to_html",
    "to_json",
    "to_markdown",
]
