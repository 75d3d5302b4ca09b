"""The job that makes a preview of a recipe's augmentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.datasets.catalogue import open_requested_dataset
from core.training.inputs.samples import balanced_sample
from core.training.monitoring.preview import (
    PICTURES,
    PreviewPlan,
    delete_old_previews,
    write_preview,
)

if TYPE_CHECKING:
    from core.jobs import JobContext


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Write a preview into the run's folder, and delete old ones.

    Returns:
        `preview`: the key of the request.
    Raises:
        MienError: the plan, the dataset or the disk does not allow it.
    """
    from core.training.monitoring.keras_preview import augmented_preview

    plan = PreviewPlan.from_json(plan_read)
    dataset = open_requested_dataset(plan, context.settings)
    training = dataset[dataset.required_protocol.train]
    chosen = training.take(balanced_sample(training.labels, count=PICTURES, seed=plan.seed))
    write_preview(
        context.folder, plan, augmented_preview(chosen, plan, classes=len(dataset.scheme))
    )
    delete_old_previews(context.settings.runs_dir)
    return {"preview": plan.key}
