"""Labelled face pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.vocabulary.scheme import LabelScheme


@dataclass(frozen=True, eq=False)
class PictureSet:
    """Pictures of one split, with their labels.

    Attributes:
        pixels: uint8, shape `(n, size, size)`, grey.
        labels: int64, shape `(n,)`, class numbers of the dataset's scheme.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[1] != self.pixels.shape[2]:
            raise ValueError(f"pictures are (n, size, size), got {self.pixels.shape}")
        if self.pixels.dtype != np.uint8 or self.labels.shape != (len(self.pixels),):
            raise ValueError(
                f"{self.pixels.dtype} {self.pixels.shape} does not fit labels {self.labels.shape}"
            )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def size_px(self) -> int:
        """Side of the square pictures."""
        return int(self.pixels.shape[1])

    def take(self, positions: NDArray[np.int64]) -> PictureSet:
        """The pictures at these positions, in this order."""
        return PictureSet(self.pixels[positions], self.labels[positions])

    def counts(self, scheme: LabelScheme) -> dict[str, int]:
        """How many pictures carry each label."""
        found = np.bincount(self.labels, minlength=len(scheme))
        return {label: int(count) for label, count in zip(scheme.labels, found, strict=True)}


@dataclass(frozen=True, eq=False)
class Dataset:
    """A dataset in memory, divided the way its protocol says.

    Attributes:
        name: what people call it.
        scheme: names the class numbers.
        splits: split name -> pictures.
        protocol: which split learns, which chooses, which is read once.
        content_hash: sha256 over pixels and labels of every split: the same pictures in another
            format have the same hash.
        notes: sentences a user should read, such as how a split was made.
    """

    name: str
    scheme: LabelScheme
    splits: Mapping[str, PictureSet]
    protocol: SplitProtocol
    content_hash: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        missing = {self.protocol.learns, self.protocol.chooses, self.protocol.judges} - set(
            self.splits
        )
        if missing:
            raise ValueError(f"{self.name} has no split {sorted(missing)}")

    def __getitem__(self, split: str) -> PictureSet:
        return self.splits[split]


@dataclass(frozen=True)
class SplitProtocol:
    """Which split is used for what; no split has two roles.

    Attributes:
        learns: weights are fitted on it.
        chooses: epoch, temperature and threshold are chosen on it.
        judges: read once, at the end.
    """

    learns: str
    chooses: str
    judges: str

    def __post_init__(self) -> None:
        if len({self.learns, self.chooses, self.judges}) != 3:
            raise ValueError(f"a split may have one role only: {self}")
