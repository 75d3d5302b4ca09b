"""The opening job: files in, a dataset in the catalogue out."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from core.datasets.catalogue.catalogue import add
from core.datasets.catalogue.opening import label_map_in_use
from core.datasets.labels.label_names import describe_mapping
from core.datasets.plans import OpenPlan
from core.datasets.splits.subject_split import leaks_in_words
from core.domain import DataReady, LogMessage
from core.domain.counted import counted
from core.jobs import REPORT_EVERY_S, JobContext, RunCancelled
from core.vision import LANDMARKER, path_of
from core.vision.faces import FaceCropper


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Read one dataset.

    Returns:
        `dataset`: its name in the catalogue.
    Raises:
        RunCancelled: somebody asked to stop; nothing is kept.
        DatasetError: the files do not allow it; nothing is kept.
    """
    plan = OpenPlan.from_json(plan_read)
    told_at = monotonic()

    def tell(count: int) -> None:
        nonlocal told_at
        if place.stop_requested():
            raise RunCancelled
        if monotonic() - told_at >= REPORT_EVERY_S:
            told_at = monotonic()
            place.journal.append(LogMessage(f"{counted(count, 'picture')} read."))

    place.journal.append(LogMessage("Scanning the files."))
    settings = place.settings
    places = settings.datasets_dir, plan.name, plan.source, settings.datasets_cache_dir
    if plan.source.align:
        with FaceCropper(path_of(settings.assets_dir, LANDMARKER)) as cutter:
            dataset = add(*places, tell=tell, cut=cutter.cut)
    else:
        dataset = add(*places, tell=tell)
    place.journal.append(DataReady(dataset.sizes))
    label_map = label_map_in_use(plan.source, settings.datasets_cache_dir)
    labels = () if label_map is None else (describe_mapping(label_map),)
    for note in (*labels, *dataset.notes, *leaks_in_words(dataset)):
        place.journal.append(LogMessage(note))
    return {"dataset": plan.name}
