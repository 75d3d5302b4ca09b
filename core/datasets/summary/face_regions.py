"""Brightness, contrast and edges in each part of a face."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

_SCALE = 255.0


class Statistic(StrEnum):
    """What is measured in a region of one picture."""

    BRIGHTNESS = "brightness"
    """Mean intensity, in [0, 1]."""
    CONTRAST = "contrast"
    """Standard deviation of the intensity, in [0, 0.5]."""
    EDGES = "edges"
    """Mean magnitude of the intensity's gradient, per pixel: folds, lids, lips, teeth."""


@dataclass(frozen=True)
class PictureRegion:
    """A box within every picture, in fractions of its side.

    Attributes:
        name: on screen.
        left, top, right, bottom: in [0, 1], from the left and from the top.
    """

    name: str
    left: float
    top: float
    right: float
    bottom: float

    def mask(self, size_px: int) -> NDArray[np.bool_]:
        """Its pixels, at least one: bool, `(size, size)`."""
        inside = np.zeros((size_px, size_px), dtype=np.bool_)
        inside[_span(self.top, self.bottom, size_px), _span(self.left, self.right, size_px)] = True
        return inside


# The whole picture and its thirds need no face detection. The other three follow from the positions
# of eyes and mouth in FER2013 (core/vision/faces/crop.py): eyes at height 0.394, distance 0.367,
# mouth at 0.779. An eye is about half as wide as the eye distance, brows are a third of it above
# the eyes, and a smiling mouth is a little wider than it.
WHOLE = PictureRegion("whole picture", 0.0, 0.0, 1.0, 1.0)
UPPER = PictureRegion("upper third", 0.0, 0.0, 1.0, 1 / 3)
MIDDLE = PictureRegion("middle third", 0.0, 1 / 3, 1.0, 2 / 3)
LOWER = PictureRegion("lower third", 0.0, 2 / 3, 1.0, 1.0)
BROWS = PictureRegion("brows", 0.19, 0.19, 0.81, 0.33)
EYES = PictureRegion("eyes", 0.19, 0.33, 0.81, 0.46)
MOUTH = PictureRegion("mouth", 0.27, 0.67, 0.73, 0.89)
REGIONS = (WHOLE, UPPER, MIDDLE, LOWER, BROWS, EYES, MOUTH)


def measure_regions(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Every statistic in every region of every picture.

    Args:
        pixels: `(n, size, size)`.

    Returns:
        `(2, n, regions, statistics)`: of the original pictures, then of pictures normalised to
        mean 0 and standard deviation 1 each. A uniform picture becomes 0.
    """
    size_px = pixels.shape[1]
    inside = np.stack([region.mask(size_px).ravel() for region in REGIONS], axis=1)
    average = inside / inside.sum(axis=0)
    values = pixels.astype(np.float64) / _SCALE
    flat = values.reshape(-1, size_px**2)
    mean = flat @ average
    contrast = np.sqrt(np.maximum(np.square(flat) @ average - mean**2, 0.0))
    edges = _edges(values).reshape(-1, size_px**2) @ average
    whole = REGIONS.index(WHOLE)
    mean_of_picture, std_of_picture = mean[:, [whole]], contrast[:, [whole]]
    raw = np.stack([mean, contrast, edges], axis=-1)
    # Normalising is linear, so the normalised statistics follow from these.
    centred = np.stack([mean - mean_of_picture, contrast, edges], axis=-1)
    divisor = np.broadcast_to(std_of_picture[..., None], centred.shape)
    normalised = np.divide(centred, divisor, out=np.zeros_like(centred), where=divisor > 1e-6)
    return np.stack([raw, normalised])


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Magnitude of the gradient at each pixel, by central differences."""
    if values.shape[1] < 2:
        return np.zeros_like(values)
    down, right = np.gradient(values, axis=(1, 2))
    length: NDArray[np.float64] = np.sqrt(down**2 + right**2)
    return length


def _span(first: float, last: float, size_px: int) -> slice:
    start = min(round(first * size_px), size_px - 1)
    return slice(start, max(start + 1, round(last * size_px)))
