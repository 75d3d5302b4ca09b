"""Finds the pictures of an evaluation in the datasets of this machine, by hashes of their pixels.

An evaluation holds no pictures: they can be shown only where a dataset that has them is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets import DatasetSource, open_dataset
from core.datasets.catalogue import entries, open_entry
from core.datasets.labels import ORIGINAL_LABELS
from core.domain import Dataset
from core.domain.dataset import picture_digests
from core.domain.errors import DatasetError, UnknownDataset, UnmappedLabels
from core.evaluation.predictions.evaluation import Evaluation
from core.settings import Settings

NOT_FOUND = -1
MIN_SHARE = 0.5
"""Share of the evaluated pictures that a dataset must hold to be used."""


@dataclass(frozen=True, eq=False)
class FoundPictures:
    """Positions of evaluated pictures in a dataset.

    Attributes:
        dataset: as published, without corrections: it may hold more than was evaluated.
        dataset_positions: int64 `(n,)`: position in `dataset.pictures`, or `NOT_FOUND`.
        name: of the dataset in the catalogue; empty for one outside of it.
    """

    dataset: Dataset
    dataset_positions: NDArray[np.int64]
    name: str = ""

    @property
    def here(self) -> NDArray[np.bool_]:
        """Which pictures were found: bool, shape `(n,)`."""
        return np.asarray(self.dataset_positions != NOT_FOUND)

    def among_all(self, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Expand a mask over the found pictures to all evaluated ones; False where not found."""
        every = np.zeros(len(self.dataset_positions), dtype=np.bool_)
        every[self.here] = which
        return every

    def pixels(self, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Pictures by their position among the evaluated ones: uint8 `(m, size, size)`.

        Raises:
            ValueError: one of them was not found.
        """
        places = self.dataset_positions[positions]
        if (places == NOT_FOUND).any():
            raise ValueError("a picture that was not found has no pixels")
        return np.asarray(self.dataset.pictures.pixels[places])


def find_pictures(
    evaluation: Evaluation,
    digests: NDArray[np.uint64],
    settings: Settings,
    *,
    open_named: Callable[[str], Dataset] | None = None,
) -> FoundPictures:
    """Look for evaluated pictures: first in the evaluation's dataset, then in every other.

    Args:
        digests: uint64 `(n,)`: hashes of the pictures.
        open_named: opens a dataset of the catalogue, as published; None reads it from disk.
    Raises:
        UnknownDataset: no dataset of this machine holds half of them.
    """
    open_catalogued = open_named or (
        lambda name: open_entry(settings.datasets_dir, name, settings.datasets_cache_dir)
    )
    for name in _candidate_datasets(evaluation, settings):
        try:
            dataset = open_catalogued(name) if name else _open_outside(evaluation, settings)
        except DatasetError:  # missing or damaged: another one may hold the same pictures
            continue
        found = FoundPictures(dataset, find_positions(digests, dataset.pictures.pixels), name)
        if found.here.mean() >= MIN_SHARE:
            return found
    raise UnknownDataset(
        f"The pictures of {evaluation.dataset} are not on this machine.",
        advice=f"Open {evaluation.dataset} under Explore data: they are then found automatically.",
    )


def find_positions(digests: NDArray[np.uint64], pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Position of each picture among others: int64, shape `(n,)`; `NOT_FOUND` where absent.

    Args:
        digests: uint64, shape `(n,)`: hashes of the pictures to find.
        pixels: uint8, shape `(m, size, size)`: the pictures to search.
    """
    names = picture_digests(pixels) if len(pixels) else np.zeros(0, dtype=np.uint64)
    return positions_of(digests, names)


def positions_of(digests: NDArray[np.uint64], names: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Position of each hash among `names`, the first of equal ones; `NOT_FOUND` where absent."""
    places = np.full(len(digests), NOT_FOUND, dtype=np.int64)
    if len(names) == 0 or len(digests) == 0:
        return places
    order = np.argsort(names, kind="stable")
    at = np.minimum(np.searchsorted(names[order], digests), len(names) - 1)
    found = names[order][at] == digests
    places[found] = order[at[found]]
    return places


def _candidate_datasets(evaluation: Evaluation, settings: Settings) -> Sequence[str]:
    """Datasets to search, the likeliest first; "" stands for a file outside the catalogue."""
    known = [entry.name for entry in entries(settings.datasets_dir)]
    stored_name = str(evaluation.source.get("dataset") or "")
    first = [name for name in (stored_name, evaluation.dataset) if name in known]
    outside = [""] if evaluation.source.get("data") else []
    return list(dict.fromkeys([*first, *outside, *known]))


def _open_outside(evaluation: Evaluation, settings: Settings) -> Dataset:
    path = Path(str(evaluation.source["data"]))
    if not path.exists():
        raise UnknownDataset(f"{path.name} is gone.", advice="Bring it back to where it was.")
    pairs = tuple((str(label), str(to)) for label, to in evaluation.source.get("label_map", ()))
    seed = int(evaluation.source.get("seed", 7))
    source = DatasetSource(str(path), seed=seed, label_map=pairs)
    try:
        return open_dataset(source, settings.datasets_cache_dir)
    except UnmappedLabels:  # evaluated with a model that has labels of its own
        return open_dataset(replace(source, scheme=ORIGINAL_LABELS), settings.datasets_cache_dir)
