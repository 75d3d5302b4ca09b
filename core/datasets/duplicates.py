"""Pictures that stand in a dataset more than once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import NOBODYS_TWIN, Problem, ProblemKind
from core.datasets.in_blocks import Tell, in_blocks, silent
from core.datasets.likeness import Pairs, agreement, alike_pairs, describe
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


def find_exact_duplicates(pixels: NDArray[np.uint8], *, tell: Tell = silent) -> Problem:
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
        "Every pixel equals that of an earlier picture.",
        partners=np.where(repeats, first, NOBODYS_TWIN).astype(np.int64),
    )


def find_near_duplicates(
    pixels: NDArray[np.uint8],
    exact: Problem,
    *,
    limits: NearLimits = DEFAULT_LIMITS,
    tell: Tell = silent,
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
            f"Not searched: more than {counted(limits.most_pictures, 'different picture')} would "
            "take too long, as each has to be compared with all others. Exact repeats were "
            "searched."
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
        "The middle of the picture is found in an earlier one, as it is or mirrored, at 0.8 to "
        f"1.25 times its size, with a correlation of at least {limits.agreement:g}.",
        partners=np.where(flagged, partners, NOBODYS_TWIN),
    )


def _digest(picture: NDArray[np.uint8]) -> NDArray[np.uint64]:
    content = hashlib.blake2b(picture.tobytes(), digest_size=_DIGEST_BYTES).digest()
    return np.frombuffer(content, dtype=np.uint64)


def _candidates(
    pixels: NDArray[np.uint8], unique: NDArray[np.int64], limits: NearLimits, tell: Tell
) -> Pairs:
    descriptions = describe(pixels)[unique]
    found = alike_pairs(
        descriptions,
        at_least=limits.likeness,
        most=limits.looked_at,
        tell=lambda done, total: tell(done, 2 * total),
    )
    return Pairs(unique[found.later], unique[found.earlier], found.mirrored)


def _agreements(pixels: NDArray[np.uint8], pairs: Pairs, tell: Tell) -> NDArray[np.float64]:
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
