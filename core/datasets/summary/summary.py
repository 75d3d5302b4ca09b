"""Summary statistics of a labelled dataset: counts, mean faces and differences of its classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers.batches import in_blocks
from core.datasets.summary.class_counts import SplitCounts, count_classes, counts_for_weights
from core.datasets.summary.face_regions import measure_regions
from core.datasets.summary.mean_faces import ClassFace, FaceSums
from core.datasets.summary.published_counts import CountCheck, check_counts
from core.datasets.summary.region_effects import RegionEffect, RegionSums
from core.domain import UNLABELLED, Dataset, LabelScheme, PictureSet, SplitProtocol
from core.domain.progress import ProgressCallback, no_progress

# Half a million pixels as float64 take 4 MB, times about ten arrays; larger blocks are no faster.
_BLOCK_PIXELS = 2**19


@dataclass(frozen=True, eq=False)
class DatasetSummary:
    """Summary statistics of a dataset.

    Attributes:
        name: of the dataset.
        scheme: its classes.
        size_px: side of its pictures.
        protocol: roles of its splits; None where it cannot be split.
        content_hash: of the dataset, to match the summary with it.
        notes: of the dataset, such as how a split was made.
        counts: of each split, then of all together.
        checks: comparison with published counts; empty where there are none.
        faces: one for each non-empty class.
        regions: effects of the classes, by face region.
    """

    name: str
    scheme: LabelScheme
    size_px: int
    protocol: SplitProtocol | None
    content_hash: str
    notes: tuple[str, ...]
    counts: tuple[SplitCounts, ...]
    checks: tuple[CountCheck, ...]
    faces: tuple[ClassFace, ...]
    regions: tuple[RegionEffect, ...]

    @property
    def whole(self) -> SplitCounts:
        """The counts of all splits together."""
        return self.counts[-1]

    @property
    def splits(self) -> tuple[SplitCounts, ...]:
        """The counts of each split."""
        return self.counts[:-1]

    @property
    def counts_for_weights(self) -> SplitCounts:
        """The counts that class weights come from: of the training split, or of all."""
        return counts_for_weights(self.counts, self.protocol)


def describe(dataset: Dataset, *, on_progress: ProgressCallback = no_progress) -> DatasetSummary:
    """Count, average and compare, reading every labelled picture once.

    Memory does not grow with the number of pictures; their order does not matter.

    Args:
        on_progress: called with how many of how many pictures are read; may raise to stop.
    """
    labels = dataset.scheme.labels
    faces = FaceSums(labels, dataset.pictures.size_px)
    regions = RegionSums(labels)
    for given, pixels in _labelled_blocks(dataset.pictures, on_progress):
        faces.add(given, pixels)
        regions.add(given, measure_regions(pixels))
    counts = count_classes(dataset)
    return DatasetSummary(
        name=dataset.name,
        scheme=dataset.scheme,
        size_px=dataset.pictures.size_px,
        protocol=dataset.protocol,
        content_hash=dataset.content_hash,
        notes=dataset.notes,
        counts=counts,
        checks=check_counts(dataset, counts),
        faces=faces.faces(),
        regions=regions.effects(),
    )


def _labelled_blocks(
    pictures: PictureSet, on_progress: ProgressCallback
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    step = max(1, _BLOCK_PIXELS // max(1, pictures.size_px**2))
    for part in in_blocks(len(pictures), at_once=step, on_progress=on_progress):
        labels = pictures.labels[part]
        known = labels != UNLABELLED
        if known.any():
            yield labels[known], pictures.pixels[part][known]
