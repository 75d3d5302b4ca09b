"""Similarity of pictures that is robust to cropping, mirroring, brightness and recompression.

Two steps, as comparing all pairs pixel by pixel would take days. First, descriptors of edge
directions (HOG, after Dalal & Triggs 2005), which hardly change when a picture is shifted by some
pixels, are compared by one matrix product. Then, for the few similar pairs, the centre of one
picture is searched in the other at several scales by template matching.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.readers.batches import in_blocks
from core.domain.progress import ProgressCallback, no_progress

COMPARED_PX = 48  # pictures are resized to this side first

_CELLS, _DIRECTIONS = 6, 8
_BLUR_PX = COMPARED_PX / _CELLS / 2.2  # cells overlap, or a shift by a pixel could change many
_DESCRIBED_AT_ONCE, _LATER_AT_ONCE, _EARLIER_AT_ONCE = 512, 1024, 4096

_MARGIN_PX = 9  # the template is 30 px wide: eyes, nose and mouth
_SIDES_PX = (40, 43, 46, 48, 50, 53, 56, 60)  # either picture cropped by up to a fifth
_FINE_PX, _COARSE_PX = 0.8, 4.0  # band-pass filter: removes lighting and noise


@dataclass(frozen=True, eq=False)
class Pairs:
    """Candidate pairs of near duplicates; `earlier < later`.

    Attributes:
        later: int64, shape `(m,)`.
        earlier: int64, shape `(m,)`.
        mirrored: bool, shape `(m,)`: whether one matches the mirror image of the other.
    """

    later: NDArray[np.int64]
    earlier: NDArray[np.int64]
    mirrored: NDArray[np.bool_]


def describe(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Descriptors: histograms of edge directions in overlapping cells; products are in [-1, 1].

    Args:
        pixels: uint8, shape `(n, size, size)`, grey.
    Returns:
        float32, shape `(n, 288)`, each with mean 0 and length 1; all 0 for a uniform picture.
    """
    found = np.zeros((len(pixels), _CELLS * _CELLS * _DIRECTIONS), dtype=np.float32)
    for block in in_blocks(len(pixels), at_once=_DESCRIBED_AT_ONCE):
        found[block] = _described(np.stack([_sized(one) for one in np.asarray(pixels[block])]))
    return found


def mirrored(descriptions: NDArray[np.float32]) -> NDArray[np.float32]:
    """The descriptors of the mirrored pictures."""
    cells = descriptions.reshape(-1, _CELLS, _CELLS, _DIRECTIONS)[:, :, ::-1]
    turned = (_DIRECTIONS // 2 - np.arange(_DIRECTIONS)) % _DIRECTIONS
    return np.ascontiguousarray(cells[..., turned].reshape(len(descriptions), -1))


def similar_pairs(
    descriptions: NDArray[np.float32],
    *,
    min_similarity: float,
    max_pairs: int,
    on_progress: ProgressCallback = no_progress,
) -> Pairs:
    """For each picture the most similar earlier ones, as they are or mirrored.

    Args:
        descriptions: from `describe`.
        min_similarity: smallest product of descriptors of a pair.
        max_pairs: per picture, the most similar first.
        on_progress: called after each block.
    """
    parts = [_no_pairs()]
    for block in in_blocks(len(descriptions), at_once=_LATER_AT_ONCE, on_progress=on_progress):
        found = list(_similar_in(descriptions, block, min_similarity, max_pairs))
        parts.append(_most_similar(np.concatenate(found), max_pairs))
    table = np.concatenate(parts)
    return Pairs(
        later=table["later"].astype(np.int64),
        earlier=table["earlier"].astype(np.int64),
        mirrored=table["mirrored"],
    )


def agreement(searched: NDArray[np.uint8], within: NDArray[np.uint8]) -> float:
    """Best correlation of the centre of one picture with any part of another, at several scales.

    Args:
        searched: uint8, square, grey.
        within: uint8, square, grey.
    Returns:
        -1 to 1. In FER2013 pairs above 0.92 are one photograph; different people reach 0.85.
    """
    middle = slice(_MARGIN_PX, COMPARED_PX - _MARGIN_PX)
    part, whole = _features(searched)[middle, middle], _features(within)
    if part.std() == 0 or whole.std() == 0:
        return 0.0  # undefined for a uniform picture
    best = -1.0
    for side in _SIDES_PX:
        enlarged = cv2.resize(whole, (side, side), interpolation=cv2.INTER_LINEAR)
        best = max(best, float(cv2.matchTemplate(enlarged, part, cv2.TM_CCOEFF_NORMED).max()))
    return min(best, 1.0)


_TABLE = np.dtype(
    [("later", np.int32), ("earlier", np.int32), ("similarity", np.float32), ("mirrored", np.bool_)]
)


def _no_pairs() -> NDArray[np.void]:
    return np.zeros(0, dtype=_TABLE)


def _similar_in(
    descriptions: NDArray[np.float32], later: slice, min_similarity: float, max_pairs: int
) -> Iterator[NDArray[np.void]]:
    plain = descriptions[later]
    for is_mirrored, ours in ((False, plain), (True, mirrored(plain))):
        for earlier in in_blocks(later.stop, at_once=_EARLIER_AT_ONCE):
            products = ours @ descriptions[earlier].T
            rows, columns = np.nonzero(products >= min_similarity)
            is_earlier = columns + earlier.start < rows + later.start
            rows, columns = rows[is_earlier], columns[is_earlier]
            found = np.zeros(len(rows), dtype=_TABLE)
            found["later"], found["earlier"] = rows + later.start, columns + earlier.start
            found["similarity"], found["mirrored"] = products[rows, columns], is_mirrored
            yield _most_similar(found, max_pairs)


def _most_similar(table: NDArray[np.void], max_pairs: int) -> NDArray[np.void]:
    """The `max_pairs` most similar rows of each later picture."""
    ranked = table[np.lexsort((-table["similarity"], table["later"]))]
    _, first, counts = np.unique(ranked["later"], return_index=True, return_counts=True)
    rank = np.arange(len(ranked)) - np.repeat(first, counts)
    return ranked[rank < max_pairs]


def _described(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    grey = pictures.astype(np.float32)
    across = np.stack([cv2.Sobel(one, cv2.CV_32F, 1, 0) for one in grey])
    down = np.stack([cv2.Sobel(one, cv2.CV_32F, 0, 1) for one in grey])
    strength = np.hypot(across, down)
    turn = np.arctan2(down, across) * (_DIRECTIONS / (2 * np.pi))
    lower = np.floor(turn)
    share = turn - lower
    first = lower.astype(np.int64) % _DIRECTIONS
    votes = np.zeros((*grey.shape, _DIRECTIONS), dtype=np.float32)
    np.put_along_axis(votes, first[..., None], (strength * (1 - share))[..., None], axis=3)
    second = (first + 1) % _DIRECTIONS
    np.put_along_axis(votes, second[..., None], (strength * share)[..., None], axis=3)
    windows, side = _windows(), COMPARED_PX
    rows = windows @ votes.reshape(-1, side, side * _DIRECTIONS)
    cells = windows @ rows.reshape(-1, _CELLS, side, _DIRECTIONS)
    found = np.sqrt(cells.reshape(len(grey), -1))  # limits the weight of single strong edges
    found -= found.mean(axis=1, keepdims=True)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(np.divide(found, length, out=np.zeros_like(found), where=length > 1e-3))


def _windows() -> NDArray[np.float32]:
    """Gaussian weights of each row of pixels in each row of cells: shape `(cells, side)`."""
    centres = (np.arange(_CELLS) + 0.5) * COMPARED_PX / _CELLS - 0.5
    away = np.arange(COMPARED_PX)[None, :] - centres[:, None]
    return np.exp(-0.5 * (away / _BLUR_PX) ** 2).astype(np.float32)


def _sized(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if picture.shape[0] == COMPARED_PX:
        return picture
    shrinks = picture.shape[0] > COMPARED_PX
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (COMPARED_PX, COMPARED_PX), interpolation=how))


def _features(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    grey = _sized(np.ascontiguousarray(picture)).astype(np.float32)
    fine = cv2.GaussianBlur(grey, (0, 0), _FINE_PX)
    return np.asarray(fine - cv2.GaussianBlur(grey, (0, 0), _COARSE_PX))
