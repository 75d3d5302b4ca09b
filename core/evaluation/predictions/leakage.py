"""Which judged pictures repeat others: those a model learned from, or that were judged already.

A picture that was learned from says nothing about unseen ones, and one that stands twice counts
twice. Without them the figures are those of different, unseen photographs.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.datasets.audit import NOBODYS_TWIN, Problem
from core.domain import Dataset
from core.domain.dataset import picture_digests

REPEATS_FILE = "repeats.npz"
NONE = -1
"""In `DuplicateLeakage.of`: it repeats nothing."""

Digests = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class DuplicateLeakage:
    """What one split's pictures repeat.

    Attributes:
        of: int8 `(n,)`: position in `splits` of the picture that each repeats, or `NONE`.
        near: bool `(n,)`: the same photograph, but not the same pixels.
        splits: names, in the order in which pictures count as seen.
    """

    of: NDArray[np.int8]
    near: NDArray[np.bool_]
    splits: tuple[str, ...]

    @property
    def own_photographs(self) -> NDArray[np.bool_]:
        """Which pictures are photographs that were not seen before: bool `(n,)`."""
        return np.asarray(self.of == NONE)

    @property
    def own_pixels(self) -> NDArray[np.bool_]:
        """Which pictures have pixels that were not seen before: bool `(n,)`."""
        return self.own_photographs | self.near

    @property
    def counts(self) -> dict[str, int]:
        """Split -> how many pictures repeat one of it; only splits with any."""
        found = np.bincount(self.of[self.of != NONE], minlength=len(self.splits))
        return {name: int(n) for name, n in zip(self.splits, found, strict=True) if n}


def find_leakage(
    seen: Sequence[str], digests: Mapping[str, Digests], alike: tuple[Digests, Digests]
) -> dict[str, DuplicateLeakage]:
    """What every picture of each split repeats among those that were seen before it.

    Args:
        seen: splits in the order in which their pictures count as seen.
        digests: split -> its pictures' names, in order (`picture_digests`).
        alike: pairs of pictures known to be one photograph.
    """
    sizes = [len(digests[split]) for split in seen]
    everything = np.concatenate([np.zeros(0, np.uint64), *(digests[split] for split in seen)])
    names, node = np.unique(everything, return_inverse=True)
    group = _groups(names, alike)[node]
    side = np.repeat(np.arange(len(seen)), sizes)
    first = _first_of(group)
    repeated = first != np.arange(len(everything))
    of = np.where(repeated, side[first], NONE).astype(np.int8)
    near = repeated & (_first_of(node) == np.arange(len(everything)))
    ends = np.cumsum(sizes)[:-1]
    return {
        split: DuplicateLeakage(one, also, tuple(seen))
        for split, one, also in zip(seen, np.split(of, ends), np.split(near, ends), strict=True)
    }


def near_pairs(dataset: Dataset, near: Problem | None) -> tuple[Digests, Digests]:
    """Pairs of pictures that an audit found to be one photograph.

    Args:
        dataset: the one that was audited.
        near: what the audit found; None where it did not look.
    """
    if near is None:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    later = np.flatnonzero(near.partners != NOBODYS_TWIN)
    pixels = dataset.pictures.pixels
    return picture_digests(pixels[later]), picture_digests(pixels[near.partners[later]])


def leakage_bytes(found: Mapping[str, DuplicateLeakage]) -> bytes:
    """As a file of an evaluation."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for split, one in found.items():
        arrays |= {f"{split}/of": one.of, f"{split}/near": one.near}
        arrays["splits"] = np.array(one.splits)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def read_leakage(content: bytes) -> dict[str, DuplicateLeakage]:
    """The inverse of `leakage_bytes`."""
    with np.load(io.BytesIO(content)) as read:
        splits = tuple(str(name) for name in read["splits"])
        names = sorted({name.rpartition("/")[0] for name in read.files} - {""})
        return {
            name: DuplicateLeakage(read[f"{name}/of"], read[f"{name}/near"], splits)
            for name in names
        }


def _groups(names: Digests, alike: tuple[Digests, Digests]) -> NDArray[np.int64]:
    """Group of each name: those that one photograph bears, over however many pairs."""
    one, other = (np.searchsorted(names, side) for side in alike)
    last = max(0, len(names) - 1)
    one, other = np.minimum(one, last), np.minimum(other, last)
    known = np.zeros(len(one), dtype=np.bool_)
    if len(names):
        known = (names[one] == alike[0]) & (names[other] == alike[1])
    edges = (np.ones(int(known.sum())), (one[known], other[known]))
    graph = coo_array(edges, shape=(len(names), len(names)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _first_of(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the first member of each one's group."""
    _, first, place = np.unique(group, return_index=True, return_inverse=True)
    return np.asarray(first[place.reshape(-1)] if len(group) else first, dtype=np.int64)
