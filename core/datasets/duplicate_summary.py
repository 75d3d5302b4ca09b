"""What repeats mean for training and judging: who is repeated where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from core.datasets.audit.problem import NOBODYS_TWIN, Problem
from core.domain import UNLABELLED


@dataclass(frozen=True)
class Leak:
    """Pictures of one split that also stand in another.

    Attributes:
        split: whose pictures are counted.
        known_from: the earlier split that has them too.
        pictures: how many of `split`.
    """

    split: str
    known_from: str
    pictures: int


@dataclass(frozen=True)
class RepeatCounts:
    """Repeats of one kind, counted.

    Attributes:
        repeats: pictures that repeat an earlier one.
        share: of all pictures, in [0, 1].
        within_class: repeats with the label of the picture they repeat.
        across_classes: repeats with another label: one of the two is wrong.
        leaked: pictures that stand in an earlier split too.
        leaks: the same by pair of splits; a picture known from two splits counts in both.
    """

    repeats: int
    share: float
    within_class: int
    across_classes: int
    leaked: int
    leaks: tuple[Leak, ...]


@dataclass(frozen=True)
class DuplicateSummary:
    """Exact and near repeats apart: nothing is counted in both."""

    exact: RepeatCounts
    near: RepeatCounts


def duplicate_groups(*found: Problem) -> NDArray[np.int64]:
    """A group number for each picture: those that repeat one another share it.

    Args:
        found: problems with partners, over the same pictures.
    Returns:
        int64, shape `(n,)`.
    """
    count = len(found[0].scores)
    pairs = [(np.flatnonzero(one.partners != NOBODYS_TWIN), one.partners) for one in found]
    later = np.concatenate([at for at, _ in pairs])
    earlier = np.concatenate([partners[at] for at, partners in pairs])
    links = coo_matrix((np.ones(len(later)), (later, earlier)), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def summarise_duplicates(
    exact: Problem,
    near: Problem,
    *,
    labels: NDArray[np.int64],
    split_of: NDArray[np.int64],
    split_names: tuple[str, ...],
) -> DuplicateSummary:
    """Count repeats within a class, across classes and across splits.

    Args:
        exact: of `find_exact_duplicates`.
        near: of `find_near_duplicates`.
        labels: int64, shape `(n,)`; pictures without label count in neither kind of class.
        split_of: int64, shape `(n,)`, positions in `split_names`.
    """
    by_pixels = _known_from(duplicate_groups(exact), split_of, len(split_names))
    by_either = _known_from(duplicate_groups(exact, near), split_of, len(split_names))
    # A picture whose very pixels stand in an earlier split is no near repeat as well.
    only_near = by_either & ~by_pixels.any(axis=1, keepdims=True)
    return DuplicateSummary(
        exact=_counted(exact, labels, by_pixels, split_of, split_names),
        near=_counted(near, labels, only_near, split_of, split_names),
    )


def _known_from(
    groups: NDArray[np.int64], split_of: NDArray[np.int64], splits: int
) -> NDArray[np.bool_]:
    """bool, shape `(n, splits)`: has the picture's group a member in that earlier split?"""
    stands_in = np.zeros((int(groups.max(initial=-1)) + 1, splits), dtype=np.bool_)
    stands_in[groups, split_of] = True
    return stands_in[groups] & (np.arange(splits)[None, :] < split_of[:, None])


def _counted(
    problem: Problem,
    labels: NDArray[np.int64],
    known_from: NDArray[np.bool_],
    split_of: NDArray[np.int64],
    split_names: tuple[str, ...],
) -> RepeatCounts:
    repeats = np.flatnonzero(problem.flagged)
    own, partners = labels[repeats], labels[problem.partners[repeats]]
    labelled = (own != UNLABELLED) & (partners != UNLABELLED)
    leaks = (
        Leak(split, earlier, int(known_from[split_of == at, before].sum()))
        for at, split in enumerate(split_names)
        for before, earlier in enumerate(split_names[:at])
    )
    return RepeatCounts(
        repeats=len(repeats),
        share=len(repeats) / max(len(labels), 1),
        within_class=int((labelled & (own == partners)).sum()),
        across_classes=int((labelled & (own != partners)).sum()),
        leaked=int(known_from.any(axis=1).sum()),
        leaks=tuple(leak for leak in leaks if leak.pictures),
    )
