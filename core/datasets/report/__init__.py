"""The dataset report: HTML page, plain text and JSON, and its folder of files."""

from core.datasets.report.class_distribution import class_distribution_svg
from core.datasets.report.content import PreparationReport, kind_words
from core.datasets.report.html_page import to_html
from core.datasets.report.json_file import to_json
from core.datasets.report.label_examples import label_examples, label_sheet
from core.datasets.report.pictures import SampleSheet, data_uri, sample_sheet
from core.datasets.report.plain_text import to_text
from core.datasets.report.plan import PreparePlan
from core.datasets.report.published_claims import PUBLISHED_CLAIMS, Claim, measured_claims
from core.datasets.report.report_folder import (
    WrittenReport,
    read_report,
    report_file,
    report_files,
    write_report,
)
from core.datasets.report.report_job import report_dir

__all__ = [
    "PUBLISHED_CLAIMS",
    "Claim",
    "PreparationReport",
    "PreparePlan",
    "SampleSheet",
    "WrittenReport",
    "class_distribution_svg",
    "data_uri",
    "kind_words",
    "label_examples",
    "label_sheet",
    "measured_claims",
    "read_report",
    "report_dir",
    "report_file",
    "report_files",
    "sample_sheet",
    "to_html",
    "to_json",
    "to_text",
    "write_report",
]
