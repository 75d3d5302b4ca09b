"""Saliency maps as colours over a picture, a class's mean face or a synthetic one.

Low values are transparent, so that the face is visible; high ones have the colours of inferno
(Smith & van der Walt 2015), a perceptually uniform colour map that is also readable in grey.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.readers import draw_face
from core.evaluation.explain.saliency import enlarged
from core.evaluation.predictions.picture_lookup import FoundPictures
from core.evaluation.scorecard.errors import EvaluatedPictures

_MAX_OPACITY = 0.7  # of the picture, by the colour; the rest lets the face through
_FIRST_COLOUR = 0.25  # the map's darkest colours would only look like shadow
_SIGNED_RANGE = 0.35  # classes differ by about so much where they differ most
# Orange and blue: distinguishable with colour blindness, as on the data page.
MORE, LESS = np.array([230.0, 126.0, 34.0]), np.array([42.0, 116.0, 200.0])


def overlaid(
    picture: NDArray[np.uint8], one: NDArray[np.floating], *, size_px: int
) -> NDArray[np.uint8]:
    """A picture overlaid with its map: RGB uint8 `(size_px, size_px, 3)`.

    Args:
        picture: grey uint8, square.
        one: the map, in [0, 1], of any size.
    """
    values = enlarged(one, size_px)
    return _blended(picture, inferno(values), values * _MAX_OPACITY, size_px)


def signed_overlaid(
    picture: NDArray[np.uint8], one: NDArray[np.floating], *, size_px: int
) -> NDArray[np.uint8]:
    """A picture overlaid with a map of differences: orange for positive, blue for negative ones.

    Args:
        picture: grey uint8, square.
        one: the map, in [-1, 1], of any size; a third of the range has the full colour.
    """
    size = (size_px, size_px)
    large = cv2.resize(np.asarray(one, dtype=np.float32), size, interpolation=cv2.INTER_CUBIC)
    values = np.clip(large / _SIGNED_RANGE, -1.0, 1.0)
    colours = np.where(values[..., None] > 0, MORE, LESS)
    return _blended(picture, colours, np.abs(values) * _MAX_OPACITY, size_px)


def without_map(picture: NDArray[np.uint8], *, size_px: int) -> NDArray[np.uint8]:
    """A grey picture enlarged without a map: grey uint8 `(size_px, size_px)`."""
    large = cv2.resize(picture, (size_px, size_px), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, dtype=np.uint8)


def inferno(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """RGB in [0, 255], one for each value in [0, 1]: `(..., 3)`."""
    steps = _FIRST_COLOUR + (1 - _FIRST_COLOUR) * np.asarray(values, dtype=np.float64)
    return _INFERNO[np.clip(np.round(steps * 255), 0, 255).astype(np.int64)]


def _blended(
    picture: NDArray[np.uint8],
    colours: NDArray[np.float64],
    cover: NDArray[np.floating],
    size_px: int,
) -> NDArray[np.uint8]:
    grey = without_map(picture, size_px=size_px).astype(np.float64)[..., None]
    share = cover[..., None]
    return np.asarray(np.round(grey * (1 - share) + colours * share), dtype=np.uint8)


def _table() -> NDArray[np.float64]:
    steps = np.arange(256, dtype=np.uint8).reshape(1, 256)
    bgr = cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO)[0]
    return np.asarray(bgr[:, ::-1], dtype=np.float64)


_INFERNO = _table()


MIN_PICTURES = 20
"""Pictures for a mean face; in the mean of fewer, persons could be recognised."""

_SEED = 7
_DARKEST, _BRIGHTEST = 25.0, 230.0


def synthetic_face() -> NDArray[np.uint8]:
    """A neutral face drawn by code, always the same: uint8 `(48, 48)`."""
    return draw_face("neutral", np.random.default_rng(_SEED))


def mean_faces(
    evaluated: EvaluatedPictures, found: FoundPictures | None
) -> tuple[NDArray[np.uint8], ...]:
    """For each class the mean of its evaluated pictures; the synthetic face for too few.

    Args:
        found: None where the pictures are not on this machine.
    """
    if found is None:
        return (synthetic_face(),) * len(evaluated.classes)
    faces = []
    for label in range(len(evaluated.classes)):
        positions = np.flatnonzero((evaluated.labels == label) & found.here)
        if len(positions) < MIN_PICTURES:
            faces.append(synthetic_face())
        else:
            mean = found.pixels(positions).mean(axis=0, dtype=np.float64)
            faces.append(_stretched(mean))
    return tuple(faces)


def _stretched(mean: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Contrast stretched from nearly black to nearly white."""
    low, high = np.percentile(mean, (1, 99))
    shares = np.clip((mean - low) / max(float(high - low), 1.0), 0.0, 1.0)
    return np.asarray(np.round(_DARKEST + shares * (_BRIGHTEST - _DARKEST)), dtype=np.uint8)
