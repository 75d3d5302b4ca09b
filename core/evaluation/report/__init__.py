"""The report on a model: a page to print, numbers for programs, a model card."""

from core.evaluation.report.content import (
    FullReport,
    ReportContext,
    build_report,
    chosen_evaluation,
)
from core.evaluation.report.html_page import to_html
from core.evaluation.report.json_file import to_json
from core.evaluation.report.model_card import to_markdown
from core.evaluation.report.sentences import findings, limits

__all__ = [
    "FullReport",
    "ReportContext",
    "build_report",
    "chosen_evaluation",
    "findings",
    "limits",
    "to_html",
    "to_json",
    "to_markdown",
]
