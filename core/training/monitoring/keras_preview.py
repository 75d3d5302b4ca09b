"""Pictures as they are learned from, drawn by the code that trains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import PictureSet
from core.training.fit.keras_batches import EpochPlan, Targets, order_of, training_batches
from core.training.monitoring.preview import VERSIONS, Preview, PreviewPlan
from core.training.recipes.choices import Augmentation


def changed(pictures: PictureSet, plan: PreviewPlan, *, classes: int) -> Preview:
    """What a run on these pictures alone would learn from, one version an epoch.

    Args:
        pictures: one batch; where the recipe mixes pictures, these are mixed with one another.
        classes: of the dataset.
    """
    shares = np.eye(classes, dtype=np.float32)[pictures.labels]
    targets = Targets(shares, pictures.labels, np.ones(classes, dtype=np.float32))
    drawn = {}
    for size_px in set(plan.sizes_px):
        epochs = [
            EpochPlan(epoch=epoch, seed=plan.seed, size_px=size_px, batch_size=len(pictures))
            for epoch in range(VERSIONS)
        ]
        versions = [_version(pictures, targets, epoch, plan.change) for epoch in epochs]
        drawn[size_px] = np.stack(versions, axis=1)
    first_px, final_px = plan.sizes_px
    return Preview(pictures.pixels, pictures.labels, drawn[first_px], drawn[final_px])


def _version(
    pictures: PictureSet, targets: Targets, epoch: EpochPlan, change: Augmentation
) -> NDArray[np.uint8]:
    """Uint8 `(n, size, size)`, in the order of the pictures and not in the epoch's own."""
    faces, *_ = next(iter(training_batches(pictures, targets, epoch, change)))
    found = np.zeros((len(pictures), epoch.size_px, epoch.size_px), dtype=np.uint8)
    found[order_of(targets.labels, epoch)] = (np.asarray(faces)[..., 0] * 255).round()
    return found
