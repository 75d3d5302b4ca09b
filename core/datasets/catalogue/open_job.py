"""The job that opens a dataset and adds it to the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from core.datasets.catalogue.catalogue import add
from core.datasets.catalogue.opening import label_map_in_use
from core.datasets.catalogue.plan import OpenPlan
from core.datasets.labels.label_names import describe_mapping
from core.datasets.splits.subject_split import leak_sentences
from core.domain import DataReady, LogMessage
from core.domain.counted import counted
from core.jobs import REPORT_EVERY_S, JobContext, RunCancelled
from core.vision import LANDMARKER, path_of
from core.vision.faces import FaceCropper


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Read one dataset.

    Returns:
        `dataset`: its name in the catalogue.
    Raises:
        RunCancelled: the run was cancelled; nothing is kept.
        DatasetError: the files cannot be read; nothing is kept.
    """
    plan = OpenPlan.from_json(plan_read)
    reported_at = monotonic()

    def on_progress(count: int) -> None:
        nonlocal reported_at
        if context.stop_requested():
            raise RunCancelled
        if monotonic() - reported_at >= REPORT_EVERY_S:
            reported_at = monotonic()
            context.journal.append(LogMessage(f"{counted(count, 'picture')} read."))

    context.journal.append(LogMessage("Scanning the files."))
    settings = context.settings
    target = settings.datasets_dir, plan.name, plan.source, settings.datasets_cache_dir
    if plan.source.align:
        with FaceCropper(path_of(settings.assets_dir, LANDMARKER)) as cropper:
            dataset = add(*target, on_progress=on_progress, crop=cropper.crop)
    else:
        dataset = add(*target, on_progress=on_progress)
    context.journal.append(DataReady(dataset.sizes))
    label_map = label_map_in_use(plan.source, settings.datasets_cache_dir)
    labels = () if label_map is None else (describe_mapping(label_map),)
    for note in (*labels, *dataset.notes, *leak_sentences(dataset)):
        context.journal.append(LogMessage(note))
    return {"dataset": plan.name}
