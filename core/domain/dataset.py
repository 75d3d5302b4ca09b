"""Labelled face pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import EmptySplit
from core.domain.labels import LabelScheme

UNLABELLED = -1
"""The label of an unlabelled picture."""

_NO_TEXTS: NDArray[np.str_] = np.zeros(0, dtype=np.str_)
_NO_NUMBERS: NDArray[np.float64] = np.zeros(0, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PictureSet:
    """Pictures with their labels, as columns.

    Attributes:
        pixels: uint8, shape `(n, size, size)`, grey; may be a memory map.
        labels: int64, shape `(n,)`, class numbers of the dataset's scheme, or `UNLABELLED`.
        names: str, shape `(n,)`: which row or file each came from; empty where unknown.
        subjects: str, shape `(n,)`: who is shown; empty where unknown.
        measured: float64, shape `(n,)`: the number a label was derived from; NaN where there is
            none.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: NDArray[np.str_] = field(default_factory=lambda: _NO_TEXTS)
    subjects: NDArray[np.str_] = field(default_factory=lambda: _NO_TEXTS)
    measured: NDArray[np.float64] = field(default_factory=lambda: _NO_NUMBERS)

    def __post_init__(self) -> None:
        count = len(self.pixels)
        if self.pixels.ndim != 3 or self.pixels.shape[1] != self.pixels.shape[2]:
            raise ValueError(f"pictures are (n, size, size), got {self.pixels.shape}")
        if self.pixels.dtype != np.uint8 or self.labels.shape != (count,):
            raise ValueError(
                f"{self.pixels.dtype} {self.pixels.shape} does not fit labels {self.labels.shape}"
            )
        for name, unknown in (("names", ""), ("subjects", ""), ("measured", np.nan)):
            column: NDArray[Any] = getattr(self, name)
            if count and len(column) == 0:
                object.__setattr__(self, name, np.full(count, unknown))
            elif column.shape != (count,):
                raise ValueError(f"{name} has shape {column.shape} for {count} pictures")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def size_px(self) -> int:
        """Side of the square pictures."""
        return int(self.pixels.shape[1])

    def take(self, positions: NDArray[np.int64]) -> Self:
        """The pictures at these positions, in this order; a contiguous range is not copied."""
        at: NDArray[np.int64] | slice = positions
        if len(positions) and (np.diff(positions) == 1).all():
            at = slice(int(positions[0]), int(positions[-1]) + 1)
        return type(self)(
            pixels=self.pixels[at],
            labels=self.labels[at],
            names=self.names[at],
            subjects=self.subjects[at],
            measured=self.measured[at],
        )

    def counts(self, scheme: LabelScheme) -> dict[str, int]:
        """Number of pictures of each label; unlabelled ones are not counted."""
        return count_labels(self.labels, scheme)


def count_labels(labels: NDArray[np.int64], scheme: LabelScheme) -> dict[str, int]:
    """Number of pictures of each label; unlabelled ones are not counted."""
    found = np.bincount(labels[labels != UNLABELLED], minlength=len(scheme))
    return {label: int(count) for label, count in zip(scheme.labels, found, strict=True)}


@dataclass(frozen=True, eq=False)
class Dataset:
    """A dataset with its splits.

    Attributes:
        name: as shown on screen.
        scheme: the classes, by number.
        pictures: all of them.
        split_names: names of the splits.
        split_of: int64, shape `(n,)`: which of the splits each picture belongs to.
        protocol: which split is for training, validation and test; None where there are too few
            labels to split it.
        content_hash: sha256 over pixels and labels of every picture: the same pictures in another
            format have the same hash.
        notes: sentences for the user, such as how a split was made.
        has_generated_split: whether a split was made here, rather than found in the files.
    """

    name: str
    scheme: LabelScheme
    pictures: PictureSet
    split_names: tuple[str, ...]
    split_of: NDArray[np.int64]
    protocol: SplitProtocol | None
    content_hash: str
    notes: tuple[str, ...] = ()
    has_generated_split: bool = False

    def __post_init__(self) -> None:
        if self.split_of.shape != (len(self.pictures),):
            raise ValueError(
                f"{self.name}: {self.split_of.shape} for {len(self.pictures)} pictures"
            )
        if self.protocol is not None:
            missing = set(self.protocol.roles) - set(self.split_names)
            if missing:
                raise ValueError(f"{self.name} has no split {sorted(missing)}")

    @classmethod
    def from_splits(  # noqa: PLR0913 - the parts of one value, given by name
        cls,
        name: str,
        scheme: LabelScheme,
        splits: Mapping[str, PictureSet],
        protocol: SplitProtocol | None,
        *,
        content_hash: str,
        notes: tuple[str, ...] = (),
    ) -> Self:
        """Concatenate splits that are in memory."""
        parts = list(splits.values())
        columns = ("pixels", "labels", "names", "subjects", "measured")
        joined = [np.concatenate([getattr(part, column) for part in parts]) for column in columns]
        return cls(
            name=name,
            scheme=scheme,
            pictures=PictureSet(*joined),
            split_names=tuple(splits),
            split_of=np.repeat(np.arange(len(parts)), [len(part) for part in parts]),
            protocol=protocol,
            content_hash=content_hash,
            notes=notes,
        )

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, split: str) -> PictureSet:
        return self.pictures.take(self.positions(split))

    def positions(self, split: str) -> NDArray[np.int64]:
        """Positions in `pictures` of a split.

        Raises:
            KeyError: there is no split of that name.
        """
        if split not in self.split_names:
            raise KeyError(split)
        return np.flatnonzero(self.split_of == self.split_names.index(split))

    @property
    def splits(self) -> dict[str, PictureSet]:
        """Every split by name; copied into memory unless its pictures are contiguous."""
        return {name: self[name] for name in self.split_names}

    @property
    def sizes(self) -> dict[str, int]:
        """Split -> number of pictures; no pixels are read."""
        found = np.bincount(self.split_of, minlength=len(self.split_names)).tolist()
        return dict(zip(self.split_names, found, strict=True))

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Split -> label -> number of pictures; no pixels are read."""
        labels = self.pictures.labels
        return {
            name: count_labels(labels[self.split_of == at], self.scheme)
            for at, name in enumerate(self.split_names)
        }

    @property
    def required_protocol(self) -> SplitProtocol:
        """The protocol of a dataset that can be split.

        Raises:
            EmptySplit: too few pictures are labelled for a training and a test split.
        """
        if self.protocol is None:
            raise EmptySplit(
                f"{self.name} cannot be split into training and test pictures.",
                advice="Give a dataset whose pictures carry labels, some of each.",
            )
        return self.protocol


@dataclass(frozen=True)
class SplitProtocol:
    """Which split is used for what; no split has two roles.

    Attributes:
        train: weights are fitted on it.
        validation: epoch, temperature and threshold are chosen on it.
        test: used once, for the final figures.
    """

    train: str
    validation: str
    test: str

    def __post_init__(self) -> None:
        if len(set(self.roles)) != 3:
            raise ValueError(f"a split may have one role only: {self}")

    @property
    def roles(self) -> tuple[str, str, str]:
        """The three splits, as named above."""
        return (self.train, self.validation, self.test)


_BLOCK = 8192
_UNLABELLED_BYTE = 255


def order_hash(pictures: PictureSet) -> str:
    """Hash of pictures and labels in order: changes when any of them changes or moves."""
    found = hashlib.blake2b(pictures.labels.tobytes(), digest_size=16)
    for start in range(0, len(pictures), _BLOCK):
        found.update(pictures.pixels[start : start + _BLOCK].tobytes())
    return found.hexdigest()


def content_hash(pictures: PictureSet) -> str:
    """Hash of the labelled pictures, independent of their order, files and splits."""
    digests = np.zeros(len(pictures), dtype="S32")  # 32 bytes a picture; a list takes 100
    for start in range(0, len(pictures), _BLOCK):
        labels = pictures.labels[start : start + _BLOCK]
        bytes_of = np.where(labels == UNLABELLED, _UNLABELLED_BYTE, labels).astype(np.uint8)
        rows = np.asarray(pictures.pixels[start : start + _BLOCK]).reshape(len(labels), -1)
        for at, row in enumerate(np.concatenate([bytes_of[:, None], rows], axis=1), start):
            digests[at] = hashlib.sha256(row.tobytes()).digest()
    digests.sort()
    return hashlib.sha256(digests.tobytes()).hexdigest()


_DIGEST_BYTES = 8  # two of a million different pictures share one with probability 3e-8


def picture_digests(pixels: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """A short hash of each picture's pixels: uint64, shape `(n,)`."""
    names = [hashlib.blake2b(one.tobytes(), digest_size=_DIGEST_BYTES).digest() for one in pixels]
    return np.frombuffer(b"".join(names), dtype="<u8").astype(np.uint64)
