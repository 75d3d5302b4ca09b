"""The preparation report: a page, plain text and numbers, and the files they travel in."""

from core.datasets.reporting.claims import PUBLISHED_CLAIMS, Claim, measured_claims
from core.datasets.reporting.content import PreparationReport
from core.datasets.reporting.distribution import class_distribution_svg
from core.datasets.reporting.numbers_file import to_json
from core.datasets.reporting.pictures import SampleSheet, sample_sheet
from core.datasets.reporting.plain_text import to_text
from core.datasets.reporting.reading import WrittenReport, read_report, report_file, report_files
from core.datasets.reporting.web_page import to_html
from core.datasets.reporting.writing import write_report

__all__ = [
    "PUBLISHED_CLAIMS",
    "Claim",
    "PreparationReport",
    "SampleSheet",
    "WrittenReport",
    "class_distribution_svg",
    "measured_claims",
    "read_report",
    "report_file",
    "report_files",
    "sample_sheet",
    "to_html",
    "to_json",
    "to_text",
    "write_report",
]
