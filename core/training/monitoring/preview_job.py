"""The job that shows what a recipe's random changes make of a few training pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.datasets.catalogue import open_requested_dataset
from core.training.inputs.samples import spread
from core.training.monitoring.preview import (
    PICTURES,
    PreviewPlan,
    forget_old_previews,
    write_preview,
)

if TYPE_CHECKING:
    from core.jobs import JobContext


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Draw a preview into the run's folder, and delete those nobody will ask for again.

    Returns:
        `preview`: the key of what was asked.
    Raises:
        MienError: the plan, the dataset or the disk does not allow it.
    """
    from core.training.monitoring.keras_preview import changed

    plan = PreviewPlan.from_json(plan_read)
    dataset = open_requested_dataset(plan, place.settings)
    learns = dataset[dataset.required_protocol.train]
    chosen = learns.take(spread(learns.labels, count=PICTURES, seed=plan.seed))
    write_preview(place.folder, plan, changed(chosen, plan, classes=len(dataset.scheme)))
    forget_old_previews(place.settings.runs_dir)
    return {"preview": plan.key}
