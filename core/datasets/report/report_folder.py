"""A report's folder: written whole, and read back to be shown."""

from __future__ import annotations

import json
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
from core.datasets.summary.face_regions import Region, Statistic
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.published_counts import CountCheck
from core.datasets.summary.region_effects import Effect, RegionEffect
from core.domain.errors import DatasetError, UnreadableDataset
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
"""Reports that were made earlier lack some."""


@dataclass(frozen=True, eq=False)
class WrittenReport:
    """What a report's numbers say.

    Attributes:
        made_at: ISO 8601.
        content_hash: of the dataset it is about.
        labels: of its scheme, in order.
        counts: each split, then all together.
        checks: published counts beside those found.
        faces: of the classes whose mean may be shown.
        regions: what classes differ in.
        claims: published shares beside those measured.
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
        read = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
        return WrittenReport(
            made_at=read["made_at"],
            content_hash=read["dataset"]["content_hash"],
            labels=tuple(read["dataset"]["labels"]),
            counts=tuple(_counts(one) for one in read["counts"]),
            checks=tuple(CountCheck(**one) for one in read["checks"]),
            faces=tuple(_face(one) for one in read["faces"] if one["maps"] is not None),
            regions=tuple(_region(one) for one in read["regions"]),
            claims=tuple(
                Claim(one["what"], one["claimed"], (), one["measured"]) for one in read["claims"]
            ),
            findings=tuple(read["findings"]),
            next_steps=tuple(read["next_steps"]),
            notes=tuple(read["notes"]),
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
        UnreadableDataset: it is not there any more.
    """
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise UnreadableDataset(
            f"{name} is gone: {error.strerror or error}.", advice="Create the report again."
        ) from error


def report_files(folder: Path) -> tuple[str, ...]:
    """Names of the files there are, of those that were ever part of a report."""
    return tuple(name for name in REPORT_FILES if (folder / name).is_file())


def _counts(read: dict[str, Any]) -> SplitCounts:
    return SplitCounts(
        split=read["split"],
        pictures=read["pictures"],
        unlabelled=read["unlabelled"],
        classes=tuple(ClassCount(**one) for one in read["classes"]),
    )


def _face(read: dict[str, Any]) -> ClassFace:
    maps = {name: np.array(read["maps"][name], dtype=np.float32) for name in MAPS}
    histogram = np.array(read["histogram"], dtype=np.float64)
    return ClassFace(label=read["label"], pictures=read["pictures"], histogram=histogram, **maps)


def _region(read: dict[str, Any]) -> RegionEffect:
    raw, levelled = dict(read["raw"]), dict(read["levelled"])
    means, levelled_means = raw.pop("means"), levelled.pop("means")
    return RegionEffect(
        region=Region(name=read["region"], **read["box"]),
        statistic=Statistic(read["statistic"]),
        raw=Effect(**raw),
        levelled=Effect(**levelled),
        means=means,
        levelled_means=levelled_means,
    )


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
            write_atomic(folder / name, content)
        if with_pictures is None:
            (folder / SAMPLE_SHEET).unlink(missing_ok=True)
    except OSError as error:
        raise DatasetError(
            f"The report on {report.summary.name} cannot be written: {error.strerror or error}.",
            advice=f"Check that {folder} can be written and has free space.",
        ) from error
    return tuple(folder / name for name in files)
