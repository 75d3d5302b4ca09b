"""A validation: from a dataset to the files of its report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.domain.counted import counted
from core.domain.errors import NotAllowedHere, UnreadableDataset
from core.storage.atomic import write_atomic
from core.validation.measuring import Analysis, KeptFigures, MeasuredClip, measure_clips
from core.validation.rated_clip import RatedClips
from core.validation.report import (
    ValidationReport,
    make_report,
    to_html,
    to_json,
    to_markdown,
)

CLIPS_FOLDER = "clips"
"""In the folder of a report: the figures of each clip."""

REPORT_FILES: Mapping[str, Callable[[ValidationReport], str]] = {
    "validation.html": to_html,
    "validation.md": to_markdown,
    "validation.json": to_json,
}
"""Name of each file of a report -> what writes it."""


@dataclass(frozen=True)
class ClipReader:
    """How clips are read.

    Attributes:
        analyse: from a video to its rows.
        model: name of the model that recognises expressions.
        model_version: changes with it.
        every_s: sampling interval in seconds; 0 is every frame.
    """

    analyse: Analysis
    model: str
    model_version: str
    every_s: float


def accept_licence(dataset: RatedClips, *, accepted: bool) -> None:
    """Require that a person accepted the terms of a dataset that has some.

    Raises:
        NotAllowedHere: nobody did.
    """
    if dataset.licence and not accepted:
        raise NotAllowedHere(
            f"{dataset.title} has terms: {dataset.licence}",
            advice="If you keep to them, add --accept-licence.",
        )


def validate_measures(
    dataset: RatedClips,
    folder: Path,
    reader: ClipReader,
    *,
    now: datetime,
    on_clip: Callable[[int, MeasuredClip], None] = lambda _number, _clip: None,
) -> ValidationReport:
    """Measure all clips, relate measures to ratings and write the report.

    Whoever interrupts it loses at most the clip at hand: the others are kept in the folder, and
    not read again.

    Args:
        folder: for the report; made where it is missing.
        now: aware.
        on_clip: called after each clip with its number, from 1, and what came of it.
    Raises:
        UnreadableDataset: no clip could be used; there is no report then.
        MienError: clips cannot be analysed here.
        OSError: the disk refused.
    """
    kept_in = folder / CLIPS_FOLDER
    kept_in.mkdir(parents=True, exist_ok=True)
    kept = KeptFigures(kept_in, model_version=reader.model_version, every_s=reader.every_s)
    measured = []
    for number, one in enumerate(measure_clips(dataset.clips, reader.analyse, kept), start=1):
        measured.append(one)
        on_clip(number, one)
    _expect_usable(measured)
    report = make_report(
        dataset, measured, model=reader.model, every_s=reader.every_s, made_at=now.isoformat()
    )
    for name, written in REPORT_FILES.items():
        write_atomic(folder / name, written(report))
    return report


def _expect_usable(measured: list[MeasuredClip]) -> None:
    if all(one.left_out for one in measured):
        first = measured[0]
        raise UnreadableDataset(
            f"None of {counted(len(measured), 'clip')} could be used; of {first.clip.name}: "
            f"{first.left_out}",
            advice="Choose clips that show one face, large and well lit.",
        )
