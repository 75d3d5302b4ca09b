"""Looking at one picture more than once: mirrored, or in ten parts.

The scores of all looks are averaged (test-time augmentation; ten crops: Krizhevsky et al. 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.domain import Interpolation
from core.models.runtimes import resized

Pixels = NDArray[np.uint8]

# 44 of 48 pixels, as those who report ten crops of FER2013 cut them.
CROP_SHARE = 44 / 48
_USUAL = Interpolation.CUBIC


def one_view(pixels: Pixels, interpolation: Interpolation = _USUAL) -> list[Pixels]:  # noqa: ARG001 - as all
    """The pictures as they are."""
    return [pixels]


def flip_views(pixels: Pixels, interpolation: Interpolation = _USUAL) -> list[Pixels]:  # noqa: ARG001
    """The pictures as they are, and mirrored."""
    return [pixels, pixels[:, :, ::-1]]


def ten_crop_views(pixels: Pixels, interpolation: Interpolation = _USUAL) -> list[Pixels]:
    """Four corners and the middle, each as it is and mirrored, enlarged to the whole again.

    Args:
        pixels: uint8, shape `(n, size, size)`.
        interpolation: by which the crops are enlarged.
    """
    size_px = pixels.shape[1]
    side = max(1, round(size_px * CROP_SHARE))
    end, middle = size_px - side, (size_px - side) // 2
    places = ((0, 0), (0, end), (end, 0), (end, end), (middle, middle))
    crops = [pixels[:, y : y + side, x : x + side] for y, x in places]
    whole = [resized(np.ascontiguousarray(crop), size_px, interpolation) for crop in crops]
    return [*whole, *(crop[:, :, ::-1] for crop in whole)]


VIEWS: Mapping[str, Callable[[Pixels, Interpolation], list[Pixels]]] = MappingProxyType(
    {"one": one_view, "flip": flip_views, "ten-crop": ten_crop_views}
)
"""Name -> what cuts the looks out of grey pictures; all of them have the pictures' size. What has
to be enlarged for that is enlarged as the model that is asked wants it."""
