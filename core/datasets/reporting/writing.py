"""Writing a report into a folder."""

from __future__ import annotations

from pathlib import Path

from core.datasets.reporting.content import PreparationReport
from core.datasets.reporting.distribution import class_distribution_svg
from core.datasets.reporting.numbers_file import to_json
from core.datasets.reporting.pictures import SampleSheet
from core.datasets.reporting.plain_text import to_text
from core.datasets.reporting.tables import (
    class_distribution_csv,
    class_weights_json,
    class_weights_text,
)
from core.datasets.reporting.web_page import to_html
from core.domain.errors import DatasetError
from core.storage.atomic import write_whole

SAMPLE_SHEET = "sample_sheet.png"


def write_report(
    folder: Path, report: PreparationReport, *, with_pictures: SampleSheet | None = None
) -> tuple[Path, ...]:
    """Write every file of a report; each appears whole or not at all.

    Without pictures, a sheet that an earlier report left there is removed: the folder may travel.

    Args:
        folder: made where it is missing.
        with_pictures: show these; None: nobody's face is shown.

    Returns:
        the files: report.html, report.txt, summary.json, class_distribution (.svg, .csv),
        class_weights (.json, .txt), and sample_sheet.png where there is one.
    Raises:
        DatasetError: the disk refused.
    """
    files = {
        "report.html": to_html(report, with_pictures=with_pictures).encode(),
        "report.txt": to_text(report).encode(),
        "summary.json": to_json(report, with_pictures=with_pictures is not None).encode(),
        "class_distribution.svg": class_distribution_svg(report.summary).encode(),
        "class_distribution.csv": class_distribution_csv(report.summary).encode(),
        "class_weights.json": class_weights_json(report.summary).encode(),
        "class_weights.txt": class_weights_text(report.summary).encode(),
    }
    if with_pictures is not None:
        files[SAMPLE_SHEET] = with_pictures.png()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_whole(folder / name, content)
        if with_pictures is None:
            (folder / SAMPLE_SHEET).unlink(missing_ok=True)
    except OSError as error:
        raise DatasetError(
            f"The report on {report.summary.name} cannot be written: {error.strerror or error}.",
            advice=f"Check that {folder} can be written and has free space.",
        ) from error
    return tuple(folder / name for name in files)
