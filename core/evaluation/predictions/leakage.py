"""Duplicates among evaluated pictures: of training pictures (leakage), or of one another.

A picture that was trained on says nothing about unseen ones, and a duplicate counts twice. Without
them metrics are those of different, unseen photographs.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit import NO_PARTNER, Problem
from core.domain import Dataset
from core.domain.dataset import picture_digests

LEAKAGE_FILE = "repeats.npz"
NONE = -1
"""In `DuplicateLeakage.of`: not a duplicate."""

Digests = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class DuplicateLeakage:
    """Duplicates among the pictures of one split.

    Attributes:
        of: int8 `(n,)`: position in `splits` of the split with the original, or `NONE`.
        near: bool `(n,)`: near duplicates: the same photograph, but not the same pixels.
        splits: names, in the order in which pictures count as seen.
    """

    of: NDArray[np.int8]
    near: NDArray[np.bool_]
    splits: tuple[str, ...]

    @property
    def unseen_photographs(self) -> NDArray[np.bool_]:
        """Pictures that are no duplicates: bool `(n,)`."""
        return np.asarray(self.of == NONE)

    @property
    def unseen_pixels(self) -> NDArray[np.bool_]:
        """Pictures that are no exact duplicates: bool `(n,)`."""
        return self.unseen_photographs | self.near

    @property
    def counts(self) -> dict[str, int]:
        """Split -> number of duplicates of its pictures; only splits with any."""
        found = np.bincount(self.of[self.of != NONE], minlength=len(self.splits))
        return {name: int(n) for name, n in zip(self.splits, found, strict=True) if n}


def find_leakage(
    seen: Sequence[str], digests: Mapping[str, Digests], alike: tuple[Digests, Digests]
) -> dict[str, DuplicateLeakage]:
    """Find the pictures of each split that duplicate one that counts as seen before.

    Args:
        seen: splits in the order in which their pictures count as seen.
        digests: split -> hashes of its pictures, in order (`picture_digests`).
        alike: pairs of near duplicates.
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
    """Pairs of near duplicates that an audit found, as hashes.

    Args:
        dataset: the audited dataset.
        near: the audit's near duplicates; None where it did not search for them.
    """
    if near is None:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    later = np.flatnonzero(near.partners != NO_PARTNER)
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
    """Connected component of each hash: all duplicates of one photograph."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

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
    """Position of the first member of each element's group."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    return np.asarray(first[inverse.reshape(-1)] if len(group) else first, dtype=np.int64)
