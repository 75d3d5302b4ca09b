"""A practice as one archive."""

from __future__ import annotations

import io
import zipfile

from core.practice.exporters.content import PracticeContent
from core.practice.exporters.csv_files import answers_csv, codebook_csv, moments_csv, seconds_csv
from core.practice.exporters.html_report import html_report


def practice_zip(content: PracticeContent) -> bytes:
    """The report, every CSV file and their codebook."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.html", html_report(content))
        archive.writestr("answers.csv", answers_csv(content))
        archive.writestr("seconds.csv", seconds_csv(content))
        archive.writestr("moments.csv", moments_csv(content))
        archive.writestr("codebook.csv", codebook_csv())
    return packed.getvalue()
