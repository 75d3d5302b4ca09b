"""What the pictures of each class have in common, and how they differ from the others."""

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

    Maps are float32, shape `(size, size)`, of brightness in [0, 1]; "the others" are all pictures
    of all other classes, each counted once; without any, the last three maps are 0.

    Attributes:
        label: the class.
        pictures: how many were averaged; with few, a mean shows a person.
        mean: mean face.
        variance: how much the pictures vary there, in [0, 0.25].
        difference: mean face less the mean of the others, in [-1, 1].
        effect: Cohen's d against the others: `difference` over the pooled standard deviation; 0
            where nothing varies.
        levelled_effect: the same after every picture was brought to one brightness and contrast.
        histogram: float64, shape `(32,)`: share of the pixels in each step of brightness.
    """

    label: str
    pictures: int
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]
    difference: NDArray[np.float32]
    effect: NDArray[np.float32]
    levelled_effect: NDArray[np.float32]
    histogram: NDArray[np.float64]


class PixelSums:
    """Sums over pictures, class by class, from which means and variances follow.

    Args:
        classes: how many classes there are.
        pixels: how many pixels a picture has.
    """

    def __init__(self, classes: int, pixels: int) -> None:
        self.pictures = np.zeros(classes)
        self.sums = np.zeros((classes, pixels))
        self.squares = np.zeros((classes, pixels))

    def add(self, belongs: NDArray[np.float64], values: NDArray[np.float64]) -> None:
        """Take pictures in.

        Args:
            belongs: `(classes, n)`: 1 where a picture is of the class, else 0.
            values: `(n, pixels)`.
        """
        self.pictures += belongs.sum(axis=1)
        self.sums += belongs @ values
        self.squares += belongs @ np.square(values)

    def mean(self, at: Sequence[int]) -> NDArray[np.float64]:
        """Mean picture of these classes together."""
        mean: NDArray[np.float64] = self.sums[at].sum(axis=0) / max(1.0, self.pictures[at].sum())
        return mean

    def scatter(self, at: Sequence[int]) -> NDArray[np.float64]:
        """Sum of squared distances from that mean."""
        total = self.squares[at].sum(axis=0) - self.pictures[at].sum() * self.mean(at) ** 2
        scatter: NDArray[np.float64] = np.maximum(total, 0.0)
        return scatter

    def effect(self, at: Sequence[int], others: Sequence[int]) -> NDArray[np.float64]:
        """Cohen's d of the first classes against the second; 0 where nothing varies."""
        freedom = self.pictures[at].sum() + self.pictures[others].sum() - 2
        pooled = np.sqrt((self.scatter(at) + self.scatter(others)) / max(1.0, freedom))
        apart = self.mean(at) - self.mean(others)
        effect: NDArray[np.float64] = np.zeros_like(apart)
        np.divide(apart, pooled, out=effect, where=pooled > _FLAT)
        return effect


class FaceSums:
    """Takes pictures in, block after block, and gives the faces of each class.

    Args:
        labels: the scheme's.
        size_px: side of the pictures.
    """

    def __init__(self, labels: tuple[str, ...], size_px: int) -> None:
        self._labels, self._size_px = labels, size_px
        self._raw = PixelSums(len(labels), size_px**2)
        self._levelled = PixelSums(len(labels), size_px**2)
        self._histogram = np.zeros((len(labels), HISTOGRAM_BINS), dtype=np.int64)

    def add(self, labels: NDArray[np.int64], pixels: NDArray[np.uint8]) -> None:
        """Take pictures in.

        Args:
            labels: `(n,)`, class numbers.
            pixels: `(n, size, size)`.
        """
        belongs = (np.arange(len(self._labels))[:, None] == labels).astype(np.float64)
        # Whole numbers: their sums are exact in float64, whatever the order of the pictures.
        values = pixels.reshape(len(pixels), -1).astype(np.float64)
        self._raw.add(belongs, values)
        self._levelled.add(belongs, level(values))
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
        nothing = np.zeros(self._size_px**2)
        pictures = int(raw.pictures[number])
        return ClassFace(
            label=self._labels[number],
            pictures=pictures,
            mean=self._map(raw.mean(own) / _SCALE),
            variance=self._map(raw.scatter(own) / pictures / _SCALE**2),
            difference=self._map(
                (raw.mean(own) - raw.mean(others)) / _SCALE if others else nothing
            ),
            effect=self._map(raw.effect(own, others) if others else nothing),
            levelled_effect=self._map(self._levelled.effect(own, others) if others else nothing),
            histogram=self._histogram[number] / self._histogram[number].sum(),
        )

    def _map(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        return values.reshape(self._size_px, self._size_px).astype(np.float32)


def level(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pictures brought to mean 0 and standard deviation 1, each by itself; a flat one to 0.

    What is left does not tell a well-lit picture from a dark one.

    Args:
        values: `(n, pixels)`.
    """
    apart = values - values.mean(axis=1, keepdims=True)
    spread = apart.std(axis=1, keepdims=True)
    levelled: NDArray[np.float64] = np.zeros_like(apart)
    np.divide(apart, spread, out=levelled, where=spread > _FLAT)
    return levelled
