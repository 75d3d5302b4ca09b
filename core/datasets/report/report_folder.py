"""A report's folder: its files are written, and read back for display."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.report.class_distribution import class_distribution_svg
from core.datasets.report.content import PreparationReport
from core.datasets.report.html_page import to_html
from core.datasets.report.json_file import MAPS, to_json
from core.datasets.report.pictures import SampleSheet
from core.datasets.report.plain_text import to_text
from core.datasets.report.published_claims import Claim
from core.datasets.report.tables import (
    class_distribution_csv,
    class_weights_json,
    class_weights_text,
)
from core.datasets.summary.class_counts import ClassCount, SplitCounts
from core.datasets.summary.face_regions import PictureRegion, Statistic
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.published_counts import CountCheck
from core.datasets.summary.region_effects import Effect, RegionEffect
from core.domain.errors import DatasetError, UnreadableDataset
from core.domain.plain_values import parse_json
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

SUMMARY_FILE = "summary.json"
REPORT_FILES = (
    "report.html",
    "report.txt",
    SUMMARY_FILE,
    "class_distribution.svg",
    "class_distribution.csv",
    "class_weights.json",
    "class_weights.txt",
    "sample_sheet.png",
)
"""Reports of earlier versions lack some."""


@dataclass(frozen=True, eq=False)
class WrittenReport:
    """The content of a stored report.

    Attributes:
        made_at: ISO 8601.
        content_hash: of its dataset.
        labels: of the dataset's scheme, in order.
        counts: of each split, then of all together.
        checks: comparison with published counts.
        faces: of the classes whose mean may be shown.
        regions: effects of the classes, by face region.
        claims: published and measured shares.
        findings, next_steps, notes: sentences.
    """

    made_at: str
    content_hash: str
    labels: tuple[str, ...]
    counts: tuple[SplitCounts, ...]
    checks: tuple[CountCheck, ...]
    faces: tuple[ClassFace, ...]
    regions: tuple[RegionEffect, ...]
    claims: tuple[Claim, ...]
    findings: tuple[str, ...]
    next_steps: tuple[str, ...]
    notes: tuple[str, ...]


def read_report(folder: Path) -> WrittenReport | None:
    """The report in a folder; None if there is none.

    Raises:
        UnreadableDataset: it is damaged, or of another version.
    """
    try:
        stored = parse_json((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
        return WrittenReport(
            made_at=stored["made_at"],
            content_hash=stored["dataset"]["content_hash"],
            labels=tuple(stored["dataset"]["labels"]),
            counts=tuple(_counts(one) for one in stored["counts"]),
            checks=tuple(CountCheck(**one) for one in stored["checks"]),
            faces=tuple(_face(one) for one in stored["faces"] if one["maps"] is not None),
            regions=tuple(_region(one) for one in stored["regions"]),
            claims=tuple(
                Claim(one["what"], one["claimed"], (), one["measured"]) for one in stored["claims"]
            ),
            findings=tuple(stored["findings"]),
            next_steps=tuple(stored["next_steps"]),
            notes=tuple(stored["notes"]),
        )
    except FileNotFoundError:
        return None
    except DAMAGED_CONTENT as error:
        raise UnreadableDataset(
            f"The report in {folder.name} is damaged: {short_message(error)}.",
            advice="Create it again.",
        ) from error


def report_file(folder: Path, name: str) -> bytes:
    """One file of a written report.

    Raises:
        UnreadableDataset: it does not exist any more.
    """
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise UnreadableDataset(
            f"{name} is gone: {error.strerror or error}.", advice="Create the report again."
        ) from error


def report_files(folder: Path) -> tuple[str, ...]:
    """Names of the report files that exist in a folder."""
    return tuple(name for name in REPORT_FILES if (folder / name).is_file())


def _counts(stored: dict[str, Any]) -> SplitCounts:
    return SplitCounts(
        split=stored["split"],
        pictures=stored["pictures"],
        unlabelled=stored["unlabelled"],
        classes=tuple(ClassCount(**one) for one in stored["classes"]),
    )


def _face(stored: dict[str, Any]) -> ClassFace:
    maps = {field: np.array(stored["maps"][key], dtype=np.float32) for key, field in MAPS.items()}
    histogram = np.array(stored["histogram"], dtype=np.float64)
    return ClassFace(
        label=stored["label"], pictures=stored["pictures"], histogram=histogram, **maps
    )


def _region(stored: dict[str, Any]) -> RegionEffect:
    raw, normalised = dict(stored["raw"]), dict(stored["levelled"])
    means, normalised_means = raw.pop("means"), normalised.pop("means")
    return RegionEffect(
        region=PictureRegion(name=stored["region"], **stored["box"]),
        statistic=Statistic(stored["statistic"]),
        raw=Effect(**raw),
        normalised=Effect(**normalised),
        means=means,
        normalised_means=normalised_means,
    )


SAMPLE_SHEET = "sample_sheet.png"


def write_report(
    folder: Path, report: PreparationReport, *, with_pictures: SampleSheet | None = None
) -> tuple[Path, ...]:
    """Write every file of a report, each atomically.

    Without pictures, the sample sheet of an earlier report is deleted.

    Args:
        folder: created where it is missing.
        with_pictures: sample pictures to show; None shows no face.

    Returns:
        The files: report.html, report.txt, summary.json, class_distribution (.svg, .csv),
        class_weights (.json, .txt), and sample_sheet.png where there is one.
    Raises:
        DatasetError: a file cannot be written.
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
            write_atomic(folder / name, content)
        if with_pictures is None:
            (folder / SAMPLE_SHEET).unlink(missing_ok=True)
    except OSError as error:
        raise DatasetError(
            f"The report on {report.summary.name} cannot be written: {error.strerror or error}.",
            advice=f"Check that {folder} can be written and has free space.",
        ) from error
    return tuple(folder / name for name in files)
