"""The report on a model: a page to print, numbers for programs, a model card."""

from core.evaluation.report.content import (
    FullReport,
    ReportContext,
    build_report,
    chosen_evaluation,
)
from core.evaluation.report.html_page import to_html
from core.evaluation.report.json_file import to_json
from core.evaluation.report.markdown_file import to_markdown
from core.evaluation.report.report_formats import REPORT_FORMATS, REPORT_SUFFIXES, report_format
from core.evaluation.report.sentences import findings, limits

__all__ = [
    "REPORT_FORMATS",
    "REPORT_SUFFIXES",
    "FullReport",
    "ReportContext",
    "build_report",
    "chosen_evaluation",
    "findings",
    "limits",
    "report_format",
    "to_html",
    "to_json",
    "to_markdown",
]
