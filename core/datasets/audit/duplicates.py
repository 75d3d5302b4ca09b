"""Exact and near duplicates in a dataset, and what they leak from one split into another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from core.datasets.audit.problem import NOBODYS_TWIN, Problem, ProblemKind
from core.datasets.audit.similarity import Pairs, agreement, describe, similar_pairs
from core.datasets.readers.batches import ProgressCallback, in_blocks, silent
from core.domain import UNLABELLED
from core.domain.counted import counted

_DIGEST_BYTES = 16  # two different pictures among a billion share one with probability 1e-21
_HASHED_AT_ONCE = 4096
_PAIRS_AT_ONCE = 512


@dataclass(frozen=True)
class NearLimits:
    """When two pictures are one photograph; found on FER2013 by looking at pairs."""

    likeness: float = 0.75  # of descriptions; up to 0.8, one pair in three hundred is a repeat
    agreement: float = 0.9  # of pixels; 74 of the 80 pairs just above were one photograph
    looked_at: int = 4  # pairs for each picture, the likest: of FER2013 eight find 0.2 % more
    most_pictures: int = 100_000  # all pairs are compared: 100,000 take a few minutes


DEFAULT_LIMITS = NearLimits()


def find_exact_duplicates(pixels: NDArray[np.uint8], *, tell: ProgressCallback = silent) -> Problem:
    """Pictures whose pixels all stood there before; the partner is the first of them.

    Args:
        pixels: uint8, shape `(n, size, size)`; may lie on disk.
        tell: hears of each block.
    """
    count = len(pixels)
    digests = np.zeros((count, _DIGEST_BYTES // 8), dtype=np.uint64)
    for block in in_blocks(count, at_once=_HASHED_AT_ONCE, tell=tell):
        digests[block] = [_digest(one) for one in np.asarray(pixels[block])]
    first_at, group = np.unique(digests, axis=0, return_index=True, return_inverse=True)[1:]
    first = first_at[group.reshape(-1)] if count else np.zeros(0, dtype=np.int64)
    repeats = first != np.arange(count)
    return Problem(
        ProblemKind.EXACT_DUPLICATE,
        repeats.astype(np.float32),
        repeats,
        "All pixels are identical to those of an earlier picture.",
        partners=np.where(repeats, first, NOBODYS_TWIN).astype(np.int64),
    )


def find_near_duplicates(
    pixels: NDArray[np.uint8],
    exact: Problem,
    *,
    limits: NearLimits = DEFAULT_LIMITS,
    tell: ProgressCallback = silent,
) -> Problem:
    """Photographs that stood there before, cut, mirrored or compressed differently.

    Exact repeats are passed over: their first picture speaks for them.

    Args:
        pixels: uint8, shape `(n, size, size)`; may lie on disk.
        exact: what `find_exact_duplicates` found in the same pictures.
        tell: hears of each block of the two steps, which count as half of the work each.
    """
    unique = np.flatnonzero(~exact.flagged)
    scores = np.zeros(len(pixels), dtype=np.float32)
    partners = np.full(len(pixels), NOBODYS_TWIN, dtype=np.int64)
    if len(unique) > limits.most_pictures:
        sentence = (
            "Skipped: comparing more than "
            f"{counted(limits.most_pictures, 'different picture')} pairwise would take too "
            "long. Exact duplicates were searched."
        )
        return Problem(ProblemKind.NEAR_DUPLICATE, scores, scores > 0, sentence, partners=partners)
    pairs = _candidates(pixels, unique, limits, tell)
    agreed = _agreements(pixels, pairs, tell)
    # The best pair of each picture is written last; of equals, the one with the earliest partner.
    order = np.lexsort((-pairs.earlier, agreed))
    scores[pairs.later[order]] = np.clip(agreed[order], 0, 1)
    partners[pairs.later[order]] = pairs.earlier[order]
    flagged = scores >= np.float32(limits.agreement)
    return Problem(
        ProblemKind.NEAR_DUPLICATE,
        scores,
        flagged,
        "The centre of the picture matches an earlier one, mirrored or not, at 0.8 to 1.25 "
        f"times its size, with a correlation of at least {limits.agreement:g}.",
        partners=np.where(flagged, partners, NOBODYS_TWIN),
    )


def _digest(picture: NDArray[np.uint8]) -> NDArray[np.uint64]:
    content = hashlib.blake2b(picture.tobytes(), digest_size=_DIGEST_BYTES).digest()
    return np.frombuffer(content, dtype=np.uint64)


def _candidates(
    pixels: NDArray[np.uint8], unique: NDArray[np.int64], limits: NearLimits, tell: ProgressCallback
) -> Pairs:
    descriptions = describe(pixels)[unique]
    found = similar_pairs(
        descriptions,
        at_least=limits.likeness,
        most=limits.looked_at,
        tell=lambda done, total: tell(done, 2 * total),
    )
    return Pairs(unique[found.later], unique[found.earlier], found.mirrored)


def _agreements(
    pixels: NDArray[np.uint8], pairs: Pairs, tell: ProgressCallback
) -> NDArray[np.float64]:
    count = len(pairs.later)
    agreed = np.zeros(count)
    halfway = in_blocks(
        count, at_once=_PAIRS_AT_ONCE, tell=lambda done, total: tell(total + done, 2 * total)
    )
    for block in halfway:
        for at in range(block.start, block.stop):
            one, other = pixels[pairs.later[at]], pixels[pairs.earlier[at]]
            # Which of the two is searched in the other must not depend on their order.
            if one.tobytes() > other.tobytes():
                one, other = other, one
            agreed[at] = agreement(one, other[:, ::-1] if pairs.mirrored[at] else other)
    return agreed


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
