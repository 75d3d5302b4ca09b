"""Preview of augmented pictures, made by the training code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import PictureSet
from core.training.fit.keras_batches import EpochPlan, Targets, epoch_order, training_batches
from core.training.monitoring.preview import VERSIONS, Preview, PreviewPlan
from core.training.recipes.augmentation import Augmentation


def augmented_preview(pictures: PictureSet, plan: PreviewPlan, *, classes: int) -> Preview:
    """These pictures as augmented in training, one version per epoch.

    Args:
        pictures: one batch; with mixup, they are mixed with one another.
        classes: number of classes.
    """
    shares = np.eye(classes, dtype=np.float32)[pictures.labels]
    targets = Targets(shares, pictures.labels, np.ones(classes, dtype=np.float32))
    by_size = {}
    for size_px in set(plan.sizes_px):
        epochs = [
            EpochPlan(epoch=epoch, seed=plan.seed, size_px=size_px, batch_size=len(pictures))
            for epoch in range(VERSIONS)
        ]
        versions = [
            _version(pictures, targets, epoch, plan.parsed_augmentation) for epoch in epochs
        ]
        by_size[size_px] = np.stack(versions, axis=1)
    first_px, final_px = plan.sizes_px
    return Preview(pictures.pixels, pictures.labels, by_size[first_px], by_size[final_px])


def _version(
    pictures: PictureSet, targets: Targets, epoch: EpochPlan, augmentation: Augmentation
) -> NDArray[np.uint8]:
    """Uint8 `(n, size, size)`, in the order of `pictures`, not of the epoch."""
    faces, *_ = next(iter(training_batches(pictures, targets, epoch, augmentation)))
    found = np.zeros((len(pictures), epoch.size_px, epoch.size_px), dtype=np.uint8)
    found[epoch_order(targets.labels, epoch)] = (np.asarray(faces)[..., 0] * 255).round()
    return found
