"""Judged pictures found again in a dataset of this machine, by the names their pixels give them.

An evaluation holds no picture, so it can be looked at anywhere; its pictures only where a dataset
that holds them is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets import DatasetSource, open_dataset
from core.datasets.catalogue import entries, open_entry
from core.datasets.labels import OWN
from core.domain import Dataset
from core.domain.dataset import picture_digests
from core.domain.errors import DatasetError, UnknownDataset, UnmappedLabels
from core.evaluation.predictions.evaluation import Evaluation
from core.storage.settings import Settings

NOT_FOUND = -1
ENOUGH = 0.5
"""Share of the judged pictures a dataset must hold to count as theirs."""


@dataclass(frozen=True, eq=False)
class FoundPictures:
    """Where judged pictures stand in a dataset.

    Attributes:
        dataset: as published, without corrections: it may hold more than was judged.
        places: int64 `(n,)`: position in `dataset.pictures`, or `NOT_FOUND`.
        name: of the dataset in the catalogue; empty for one outside of it.
    """

    dataset: Dataset
    places: NDArray[np.int64]
    name: str = ""

    @property
    def here(self) -> NDArray[np.bool_]:
        """Which pictures were found: bool, shape `(n,)`."""
        return np.asarray(self.places != NOT_FOUND)

    def among_all(self, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """From one row for each found picture to one for each judged one; False where not found."""
        every = np.zeros(len(self.places), dtype=np.bool_)
        every[self.here] = which
        return every

    def pixels(self, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Pictures by their position among the judged ones: uint8 `(m, size, size)`.

        Raises:
            ValueError: one of them was not found.
        """
        places = self.places[positions]
        if (places == NOT_FOUND).any():
            raise ValueError("a picture that was not found has no pixels")
        return np.asarray(self.dataset.pictures.pixels[places])


def find_pictures(
    evaluation: Evaluation,
    digests: NDArray[np.uint64],
    settings: Settings,
    *,
    opened: Callable[[str], Dataset] | None = None,
) -> FoundPictures:
    """Look for judged pictures: first where the evaluation had them, then in every other dataset.

    Args:
        digests: uint64 `(n,)`: names of the pictures.
        opened: opens a dataset of the catalogue, as published; None opens it anew.
    Raises:
        UnknownDataset: no dataset of this machine holds half of them.
    """
    open_named = opened or (
        lambda name: open_entry(settings.datasets_dir, name, settings.datasets_cache_dir)
    )
    for name in _names(evaluation, settings):
        try:
            dataset = open_named(name) if name else _outside(evaluation, settings)
        except DatasetError:  # gone or damaged: another one may hold the same pictures
            continue
        found = FoundPictures(dataset, places_of(digests, dataset.pictures.pixels), name)
        if found.here.mean() >= ENOUGH:
            return found
    raise UnknownDataset(
        f"The pictures of {evaluation.dataset} are not on this machine.",
        advice=f"Open {evaluation.dataset} under Explore data: they are then found automatically.",
    )


def places_of(digests: NDArray[np.uint64], pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where each named picture stands: int64, shape `(n,)`; `NOT_FOUND` where it does not.

    Args:
        digests: uint64, shape `(n,)`: the names looked for.
        pixels: uint8, shape `(m, size, size)`: the pictures to look among.
    """
    names = picture_digests(pixels) if len(pixels) else np.zeros(0, dtype=np.uint64)
    return positions_of(digests, names)


def positions_of(digests: NDArray[np.uint64], names: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The same among names; of equal ones, the first."""
    places = np.full(len(digests), NOT_FOUND, dtype=np.int64)
    if len(names) == 0 or len(digests) == 0:
        return places
    order = np.argsort(names, kind="stable")
    at = np.minimum(np.searchsorted(names[order], digests), len(names) - 1)
    found = names[order][at] == digests
    places[found] = order[at[found]]
    return places


def _names(evaluation: Evaluation, settings: Settings) -> Sequence[str]:
    """Datasets to look into, the likeliest first; empty stands for a file outside the catalogue."""
    known = [entry.name for entry in entries(settings.datasets_dir)]
    wanted = str(evaluation.source.get("dataset") or "")
    first = [name for name in (wanted, evaluation.dataset) if name in known]
    outside = [""] if evaluation.source.get("data") else []
    return list(dict.fromkeys([*first, *outside, *known]))


def _outside(evaluation: Evaluation, settings: Settings) -> Dataset:
    path = Path(str(evaluation.source["data"]))
    if not path.exists():
        raise UnknownDataset(f"{path.name} is gone.", advice="Bring it back to where it was.")
    pairs = tuple((str(label), str(to)) for label, to in evaluation.source.get("label_map", ()))
    seed = int(evaluation.source.get("seed", 7))
    source = DatasetSource(str(path), seed=seed, label_map=pairs)
    try:
        return open_dataset(source, settings.datasets_cache_dir)
    except UnmappedLabels:  # a model with labels of its own judged it
        return open_dataset(replace(source, scheme=OWN), settings.datasets_cache_dir)
