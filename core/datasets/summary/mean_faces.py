"""Mean face and variance of each class, and its difference from the other classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HISTOGRAM_BINS = 32
_SCALE = 255.0
_BITS_PER_BIN = 3  # 256 grey values in 32 bins
_FLAT = 1e-6  # a spread below it is rounding


@dataclass(frozen=True, eq=False)
class ClassFace:
    """The pictures of one class, averaged.

    Maps are float32, shape `(size, size)`, of brightness in [0, 1]; "the others" are the pictures
    of all other classes; without any, the last three maps are 0.

    Attributes:
        label: the class.
        pictures: how many were averaged; with few, a mean shows a person.
        mean: pixel-wise mean.
        variance: pixel-wise variance, in [0, 0.25].
        difference: mean less the mean of the others, in [-1, 1].
        effect: Cohen's d against the others: `difference` over the pooled standard deviation; 0
            where nothing varies.
        normalised_effect: the same after normalising brightness and contrast of each picture.
        histogram: float64, shape `(32,)`: share of the pixels in each brightness bin.
    """

    label: str
    pictures: int
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]
    difference: NDArray[np.float32]
    effect: NDArray[np.float32]
    normalised_effect: NDArray[np.float32]
    histogram: NDArray[np.float64]


class PixelSums:
    """Sums and sums of squares per class, for means and variances.

    Args:
        classes: how many classes there are.
        pixels: how many pixels a picture has.
    """

    def __init__(self, classes: int, pixels: int) -> None:
        self.pictures = np.zeros(classes)
        self.sums = np.zeros((classes, pixels))
        self.squares = np.zeros((classes, pixels))

    def add(self, one_hot: NDArray[np.float64], values: NDArray[np.float64]) -> None:
        """Add pictures.

        Args:
            one_hot: `(classes, n)`: 1 where a picture is of the class, else 0.
            values: `(n, pixels)`.
        """
        self.pictures += one_hot.sum(axis=1)
        self.sums += one_hot @ values
        self.squares += one_hot @ np.square(values)

    def mean(self, at: Sequence[int]) -> NDArray[np.float64]:
        """Mean of the pictures of these classes."""
        mean: NDArray[np.float64] = self.sums[at].sum(axis=0) / max(1.0, self.pictures[at].sum())
        return mean

    def scatter(self, at: Sequence[int]) -> NDArray[np.float64]:
        """Sum of squared deviations from that mean."""
        total = self.squares[at].sum(axis=0) - self.pictures[at].sum() * self.mean(at) ** 2
        scatter: NDArray[np.float64] = np.maximum(total, 0.0)
        return scatter

    def effect(self, at: Sequence[int], others: Sequence[int]) -> NDArray[np.float64]:
        """Cohen's d of the first classes against the second; 0 where nothing varies."""
        degrees_of_freedom = self.pictures[at].sum() + self.pictures[others].sum() - 2
        pooled = np.sqrt((self.scatter(at) + self.scatter(others)) / max(1.0, degrees_of_freedom))
        difference = self.mean(at) - self.mean(others)
        effect: NDArray[np.float64] = np.zeros_like(difference)
        np.divide(difference, pooled, out=effect, where=pooled > _FLAT)
        return effect


class FaceSums:
    """Accumulates blocks of pictures, and gives the `ClassFace` of each class.

    Args:
        labels: the scheme's.
        size_px: side of the pictures.
    """

    def __init__(self, labels: tuple[str, ...], size_px: int) -> None:
        self._labels, self._size_px = labels, size_px
        self._raw = PixelSums(len(labels), size_px**2)
        self._normalised = PixelSums(len(labels), size_px**2)
        self._histogram = np.zeros((len(labels), HISTOGRAM_BINS), dtype=np.int64)

    def add(self, labels: NDArray[np.int64], pixels: NDArray[np.uint8]) -> None:
        """Add pictures.

        Args:
            labels: `(n,)`, class numbers.
            pixels: `(n, size, size)`.
        """
        one_hot = (np.arange(len(self._labels))[:, None] == labels).astype(np.float64)
        # Sums of integers are exact in float64, whatever the order of the pictures.
        values = pixels.reshape(len(pixels), -1).astype(np.float64)
        self._raw.add(one_hot, values)
        self._normalised.add(one_hot, normalise(values))
        for number in np.unique(labels):
            steps = pixels[labels == number].ravel() >> _BITS_PER_BIN
            self._histogram[number] += np.bincount(steps, minlength=HISTOGRAM_BINS)

    def faces(self) -> tuple[ClassFace, ...]:
        """One for each class that has pictures, in the scheme's order."""
        present = np.flatnonzero(self._raw.pictures > 0).tolist()
        return tuple(
            self._face(number, [one for one in present if one != number]) for number in present
        )

    def _face(self, number: int, others: list[int]) -> ClassFace:
        own, raw = [number], self._raw
        zeros = np.zeros(self._size_px**2)
        pictures = int(raw.pictures[number])
        return ClassFace(
            label=self._labels[number],
            pictures=pictures,
            mean=self._map(raw.mean(own) / _SCALE),
            variance=self._map(raw.scatter(own) / pictures / _SCALE**2),
            difference=self._map((raw.mean(own) - raw.mean(others)) / _SCALE if others else zeros),
            effect=self._map(raw.effect(own, others) if others else zeros),
            normalised_effect=self._map(self._normalised.effect(own, others) if others else zeros),
            histogram=self._histogram[number] / self._histogram[number].sum(),
        )

    def _map(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        return values.reshape(self._size_px, self._size_px).astype(np.float32)


def normalise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pictures normalised to mean 0 and standard deviation 1 each; a uniform one to 0.

    Args:
        values: `(n, pixels)`.
    """
    centred = values - values.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    normalised: NDArray[np.float64] = np.zeros_like(centred)
    np.divide(centred, spread, out=normalised, where=spread > _FLAT)
    return normalised
