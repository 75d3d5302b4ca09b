"""Bounding boxes of faces as lists give them: two corners, or a corner and a size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_PREFIX = re.compile(r"^(face_?)?(b?box_?|bb_?|rect_?)?")
_CORNERS = (
    ("left", "top", "right", "bottom"),
    ("x1", "y1", "x2", "y2"),
    ("x0", "y0", "x1", "y1"),
    ("xmin", "ymin", "xmax", "ymax"),
    ("x_min", "y_min", "x_max", "y_max"),
)
_SIZES = (
    ("x", "y", "width", "height"),
    ("x", "y", "w", "h"),
    ("left", "top", "width", "height"),
)
_WHOLE = frozenset({"box", "bbox", "bounding_box", "face_box", "face_bbox", "rect", "face_rect"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TOLERANCE_PX = 2.0  # a box may exceed its picture by this: some tools count pixels from 1

Numbers = tuple[float, float, float, float]


def box_columns(header: Sequence[str]) -> tuple[int, ...]:
    """Indices of the columns that hold a box: one, or four in the order x, y, x or width, ..."""
    lowered = [name.lower() for name in header]
    whole = next((at for at, name in enumerate(lowered) if name in _WHOLE), None)
    if whole is not None:
        return (whole,)
    plain = [_PREFIX.sub("", name) or name for name in lowered]
    for names in (*_CORNERS, *_SIZES):
        if all(name in plain for name in names):
            return tuple(plain.index(name) for name in names)
    return ()


def box_numbers(cells: Iterable[str]) -> Numbers | None:
    """The four numbers of a box, from one cell or four; None unless there are exactly four."""
    found = [float(one) for one in _NUMBER.findall(" ".join(cells))]
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None


def are_corners(columns: Sequence[str], boxes: Sequence[tuple[Numbers, tuple[int, int]]]) -> bool:
    """Whether the last two numbers are a corner rather than a size.

    Args:
        columns: names of the columns of the box.
        boxes: a sample of boxes, each with its picture's width and height.
    """
    plain = tuple(_PREFIX.sub("", name.lower()) or name for name in columns)
    if plain in _CORNERS or plain in _SIZES:
        return plain in _CORNERS
    if any(box[2] <= box[0] or box[3] <= box[1] for box, _ in boxes):
        return False
    # Read as sizes, they would exceed their pictures.
    return any(
        box[0] + box[2] > wide + _TOLERANCE_PX or box[1] + box[3] > high + _TOLERANCE_PX
        for box, (wide, high) in boxes
    )


def crop_to_box(
    picture: NDArray[np.uint8], box: Numbers, *, corners: bool
) -> NDArray[np.uint8] | None:
    """The square around a box, clipped to the picture; None for an empty or outside box.

    Args:
        picture: grey, `(high, wide)`.
    """
    left, top = box[0], box[1]
    wide, high = (box[2] - left, box[3] - top) if corners else (box[2], box[3])
    if wide < 1 or high < 1:
        return None
    side = min(max(wide, high), *picture.shape)
    corner = [
        round(min(max(start + length / 2 - side / 2, 0), limit - side))
        for start, length, limit in (
            (left, wide, picture.shape[1]),
            (top, high, picture.shape[0]),
        )
    ]
    x, y, side_px = *corner, round(side)
    found = picture[y : y + side_px, x : x + side_px]
    outside = left >= picture.shape[1] or top >= picture.shape[0]
    return None if outside or min(found.shape) < 1 else found
