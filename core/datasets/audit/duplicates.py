"""Exact and near duplicates in a dataset, and leakage between its splits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import NO_PARTNER, Problem, ProblemKind
from core.datasets.audit.similarity import Pairs, agreement, describe, similar_pairs
from core.datasets.readers.batches import in_blocks
from core.domain import UNLABELLED
from core.domain.counted import counted
from core.domain.progress import ProgressCallback, no_progress

_DIGEST_BYTES = 16  # two different pictures among a billion share one with probability 1e-21
_HASHED_AT_ONCE = 4096
_PAIRS_AT_ONCE = 512


@dataclass(frozen=True)
class NearLimits:
    """When two pictures are one photograph; determined on FER2013 by inspecting pairs."""

    similarity: float = 0.75  # of descriptors; up to 0.8, one pair in three hundred is a duplicate
    agreement: float = 0.9  # of pixels; 74 of the 80 pairs just above were one photograph
    max_candidates: int = 4  # pairs per picture, most similar first; 8 find 0.2 % more on FER2013
    max_pictures: int = 100_000  # all pairs are compared: 100,000 take a few minutes


DEFAULT_LIMITS = NearLimits()


def find_exact_duplicates(
    pixels: NDArray[np.uint8], *, on_progress: ProgressCallback = no_progress
) -> Problem:
    """Pictures with the same pixels as an earlier one; the partner is the first of them.

    Args:
        pixels: uint8, shape `(n, size, size)`; may be mapped from disk.
        on_progress: called after each block.
    """
    count = len(pixels)
    digests = np.zeros((count, _DIGEST_BYTES // 8), dtype=np.uint64)
    for block in in_blocks(count, at_once=_HASHED_AT_ONCE, on_progress=on_progress):
        digests[block] = [_digest(one) for one in np.asarray(pixels[block])]
    first_at, group = np.unique(digests, axis=0, return_index=True, return_inverse=True)[1:]
    first = first_at[group.reshape(-1)] if count else np.zeros(0, dtype=np.int64)
    repeats = first != np.arange(count)
    return Problem(
        ProblemKind.EXACT_DUPLICATE,
        repeats.astype(np.float32),
        repeats,
        "All pixels are identical to those of an earlier picture.",
        partners=np.where(repeats, first, NO_PARTNER).astype(np.int64),
    )


def find_near_duplicates(
    pixels: NDArray[np.uint8],
    exact: Problem,
    *,
    limits: NearLimits = DEFAULT_LIMITS,
    on_progress: ProgressCallback = no_progress,
) -> Problem:
    """Pictures of the same photograph as an earlier one, cropped, mirrored or recompressed.

    Of exact duplicates only the first picture is compared.

    Args:
        pixels: uint8, shape `(n, size, size)`; may be mapped from disk.
        exact: result of `find_exact_duplicates` for the same pictures.
        on_progress: called after each block of the two steps, which count as half of the work each.
    """
    unique = np.flatnonzero(~exact.flagged)
    scores = np.zeros(len(pixels), dtype=np.float32)
    partners = np.full(len(pixels), NO_PARTNER, dtype=np.int64)
    if len(unique) > limits.max_pictures:
        sentence = (
            "Skipped: comparing more than "
            f"{counted(limits.max_pictures, 'different picture')} pairwise would take too "
            "long. Exact duplicates were searched."
        )
        return Problem(ProblemKind.NEAR_DUPLICATE, scores, scores > 0, sentence, partners=partners)
    pairs = _candidates(pixels, unique, limits, on_progress)
    agreements = _agreements(pixels, pairs, on_progress)
    # The best pair of each picture is written last; of ties, the one with the earliest partner.
    order = np.lexsort((-pairs.earlier, agreements))
    scores[pairs.later[order]] = np.clip(agreements[order], 0, 1)
    partners[pairs.later[order]] = pairs.earlier[order]
    flagged = scores >= np.float32(limits.agreement)
    return Problem(
        ProblemKind.NEAR_DUPLICATE,
        scores,
        flagged,
        "The centre of the picture matches an earlier one, mirrored or not, at 0.8 to 1.25 "
        f"times its size, with a correlation of at least {limits.agreement:g}.",
        partners=np.where(flagged, partners, NO_PARTNER),
    )


def _digest(picture: NDArray[np.uint8]) -> NDArray[np.uint64]:
    content = hashlib.blake2b(picture.tobytes(), digest_size=_DIGEST_BYTES).digest()
    return np.frombuffer(content, dtype=np.uint64)


def _candidates(
    pixels: NDArray[np.uint8],
    unique: NDArray[np.int64],
    limits: NearLimits,
    on_progress: ProgressCallback,
) -> Pairs:
    descriptions = describe(pixels)[unique]
    found = similar_pairs(
        descriptions,
        min_similarity=limits.similarity,
        max_pairs=limits.max_candidates,
        on_progress=lambda done, total: on_progress(done, 2 * total),
    )
    return Pairs(unique[found.later], unique[found.earlier], found.mirrored)


def _agreements(
    pixels: NDArray[np.uint8], pairs: Pairs, on_progress: ProgressCallback
) -> NDArray[np.float64]:
    count = len(pairs.later)
    agreements = np.zeros(count)
    blocks = in_blocks(
        count,
        at_once=_PAIRS_AT_ONCE,
        on_progress=lambda done, total: on_progress(total + done, 2 * total),
    )
    for block in blocks:
        for at in range(block.start, block.stop):
            one, other = pixels[pairs.later[at]], pixels[pairs.earlier[at]]
            # The result must not depend on the order of the two pictures.
            if one.tobytes() > other.tobytes():
                one, other = other, one
            agreements[at] = agreement(one, other[:, ::-1] if pairs.mirrored[at] else other)
    return agreements


@dataclass(frozen=True)
class Leak:
    """Pictures of one split with duplicates in another.

    Attributes:
        split: whose pictures are counted.
        source_split: the earlier split that holds duplicates of them.
        pictures: how many of `split`.
    """

    split: str
    source_split: str
    pictures: int


@dataclass(frozen=True)
class DuplicateCounts:
    """Counts of duplicates of one kind.

    Attributes:
        duplicates: pictures that duplicate an earlier one.
        share: of all pictures, in [0, 1].
        within_class: duplicates with the label of the picture they duplicate.
        across_classes: duplicates with another label: one of the two is wrong.
        leaked: pictures with duplicates in an earlier split.
        leaks: the same by pair of splits; a picture may count in several pairs.
    """

    duplicates: int
    share: float
    within_class: int
    across_classes: int
    leaked: int
    leaks: tuple[Leak, ...]


@dataclass(frozen=True)
class DuplicateSummary:
    """Counts of exact and of near duplicates; nothing is counted in both."""

    exact: DuplicateCounts
    near: DuplicateCounts


def duplicate_groups(*found: Problem) -> NDArray[np.int64]:
    """A group number for each picture: duplicates share it.

    Args:
        found: problems with partners, over the same pictures.
    Returns:
        int64, shape `(n,)`.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count = len(found[0].scores)
    pairs = [(np.flatnonzero(one.partners != NO_PARTNER), one.partners) for one in found]
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
    """Count duplicates within a class, across classes and across splits.

    Args:
        exact: of `find_exact_duplicates`.
        near: of `find_near_duplicates`.
        labels: int64, shape `(n,)`; unlabelled pictures count neither within nor across classes.
        split_of: int64, shape `(n,)`, positions in `split_names`.
    """
    exact_leaks = _in_earlier_splits(duplicate_groups(exact), split_of, len(split_names))
    all_leaks = _in_earlier_splits(duplicate_groups(exact, near), split_of, len(split_names))
    # A picture with an exact duplicate in an earlier split does not count as a near duplicate.
    near_leaks = all_leaks & ~exact_leaks.any(axis=1, keepdims=True)
    return DuplicateSummary(
        exact=_counted(exact, labels, exact_leaks, split_of, split_names),
        near=_counted(near, labels, near_leaks, split_of, split_names),
    )


def _in_earlier_splits(
    groups: NDArray[np.int64], split_of: NDArray[np.int64], splits: int
) -> NDArray[np.bool_]:
    """bool, shape `(n, splits)`: whether the picture's group has a member in that earlier split."""
    members = np.zeros((int(groups.max(initial=-1)) + 1, splits), dtype=np.bool_)
    members[groups, split_of] = True
    return members[groups] & (np.arange(splits)[None, :] < split_of[:, None])


def _counted(
    problem: Problem,
    labels: NDArray[np.int64],
    leaks_from: NDArray[np.bool_],
    split_of: NDArray[np.int64],
    split_names: tuple[str, ...],
) -> DuplicateCounts:
    duplicates = np.flatnonzero(problem.flagged)
    own, partners = labels[duplicates], labels[problem.partners[duplicates]]
    labelled = (own != UNLABELLED) & (partners != UNLABELLED)
    counts = (
        Leak(split, earlier, int(leaks_from[split_of == at, earlier_at].sum()))
        for at, split in enumerate(split_names)
        for earlier_at, earlier in enumerate(split_names[:at])
    )
    return DuplicateCounts(
        duplicates=len(duplicates),
        share=len(duplicates) / max(len(labels), 1),
        within_class=int((labelled & (own == partners)).sum()),
        across_classes=int((labelled & (own != partners)).sum()),
        leaked=int(leaks_from.any(axis=1).sum()),
        leaks=tuple(leak for leak in counts if leak.pictures),
    )
