"""Test-time augmentation: scores are averaged over several views of a picture.

Views are the mirror image, or ten crops (Krizhevsky et al. 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.domain import Interpolation
from core.models.runtimes import resized

Pixels = NDArray[np.uint8]

# 44 of 48 pixels, as usual for ten crops of FER2013.
CROP_SHARE = 44 / 48
_DEFAULT = Interpolation.CUBIC


def one_view(pixels: Pixels, interpolation: Interpolation = _DEFAULT) -> list[Pixels]:  # noqa: ARG001 - as all
    """The pictures as they are."""
    return [pixels]


def flip_views(pixels: Pixels, interpolation: Interpolation = _DEFAULT) -> list[Pixels]:  # noqa: ARG001
    """The pictures as they are, and mirrored."""
    return [pixels, pixels[:, :, ::-1]]


def ten_crop_views(pixels: Pixels, interpolation: Interpolation = _DEFAULT) -> list[Pixels]:
    """Four corners and the centre, each as it is and mirrored, enlarged to the original size.

    Args:
        pixels: uint8, shape `(n, size, size)`.
        interpolation: by which the crops are enlarged.
    """
    size_px = pixels.shape[1]
    side = max(1, round(size_px * CROP_SHARE))
    end, middle = size_px - side, (size_px - side) // 2
    corners = ((0, 0), (0, end), (end, 0), (end, end), (middle, middle))
    crops = [pixels[:, y : y + side, x : x + side] for y, x in corners]
    enlarged = [resized(np.ascontiguousarray(crop), size_px, interpolation) for crop in crops]
    return [*enlarged, *(crop[:, :, ::-1] for crop in enlarged)]


VIEWS: Mapping[str, Callable[[Pixels, Interpolation], list[Pixels]]] = MappingProxyType(
    {"one": one_view, "flip": flip_views, "ten-crop": ten_crop_views}
)
"""Name -> function that makes the views of grey pictures, each of the pictures' size. Crops are
enlarged with the interpolation of the model's input."""
