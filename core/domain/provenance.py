"""How a model was made: training data, recipe and calibration."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from core.domain.counted import counted
from core.domain.dataset import Dataset, SplitProtocol

NOT_KNOWN = "pictures that are not known here"
"""Text for the training data of a model whose card has none."""

UNCALIBRATED = "Not calibrated: its scores are the model's own outputs."

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class TrainingData:
    """The dataset that a model was trained on, and its splits.

    Attributes:
        dataset: its name.
        content_hash: sha256 over pixels and labels of all of it, as it was used: 64 hexadecimal
            digits.
        pictures: number in the training split.
        protocol: which split was used for training, validation and test.
    """

    dataset: str
    content_hash: str
    pictures: int
    protocol: SplitProtocol

    def __post_init__(self) -> None:
        if not self.dataset:
            raise ValueError("training data is part of some dataset")
        if not _HASH.fullmatch(self.content_hash):
            raise ValueError(f"{self.content_hash!r} is no content hash: 64 hexadecimal digits")
        if self.pictures < 0:
            raise ValueError(f"a model cannot be trained on {self.pictures} pictures")

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """The training data of a dataset that has splits.

        Raises:
            EmptySplit: it has none.
        """
        protocol = dataset.required_protocol
        count = dataset.sizes[protocol.train]
        return cls(dataset.name, dataset.content_hash, count, protocol)

    @property
    def train_split(self) -> str:
        """The training split, as text."""
        return f"{self.dataset} {self.protocol.train}, {counted(self.pictures, 'picture')}"

    @property
    def sentence(self) -> str:
        """All of it as text."""
        return (
            f'{self.train_split}; epoch, temperature and "not sure" threshold chosen on '
            f"{self.protocol.validation}; tested once on {self.protocol.test}; content sha256 "
            f"{self.content_hash}"
        )

    def is_of(self, name: str, content_hashes: Collection[str]) -> bool:
        """Whether these are pictures of a dataset: by its content hash, or by its name.

        By its name too, as corrections and mappings change the hash.
        """
        is_named = self.dataset.casefold() == name.casefold()
        return is_named or self.content_hash in content_hashes


@dataclass(frozen=True)
class RecipeUsed:
    """The recipe that a model was trained with, and the changes to it.

    Attributes:
        name: of the recipe.
        epochs: planned; None where unknown.
        seed: random seed; None where unknown.
        changes: option of the recipe -> changed value; those of data augmentation under
            `augmentation`. Parsed from old cards: numbers to six digits, picture sizes as text.
        changes_as_told: changes on an old card that could not be parsed; empty for none.
    """

    name: str
    epochs: int | None = None
    seed: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    changes_as_told: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a recipe has a name")
        if self.epochs is not None and self.epochs < 1:
            raise ValueError(f"{self.name}: a training has 1 epoch or more, got {self.epochs}")
        if self.changes and self.changes_as_told:
            raise ValueError(f"{self.name}: its changes are given twice")
        if not isinstance(self.changes.get("augmentation", {}), Mapping):
            raise TypeError(f"{self.name}: changes of data augmentation have no names")

    @property
    def is_changed(self) -> bool:
        """Whether the recipe was run with changes."""
        return bool(self.changes or self.changes_as_told)

    @property
    def changes_text(self) -> str:
        """Its changes in a line; empty for none."""
        return changes_text(self.changes) if self.changes else self.changes_as_told

    @property
    def title(self) -> str:
        """Its name, and in brackets epochs and seed where they are known."""
        if self.epochs is None or self.seed is None:
            return self.name
        return f"{self.name} ({counted(self.epochs, 'epoch')}, seed {self.seed})"

    @property
    def sentence(self) -> str:
        """Its title and its changes."""
        changed = self.changes_text
        return f"{self.title}, changed: {changed}" if changed else self.title


@dataclass(frozen=True)
class Calibration:
    """The pictures that the temperature of an imported model was fitted on.

    Attributes:
        dataset: its name.
        split: of it.
        pictures: number of labelled ones.
    """

    dataset: str
    split: str
    pictures: int

    def __post_init__(self) -> None:
        if self.pictures < 1:
            raise ValueError(f"a model cannot be calibrated on {self.pictures} pictures")

    def sentence(self, temperature: float) -> str:
        """As text."""
        return (
            f"Calibrated here on {self.split} of {self.dataset}, "
            f"{counted(self.pictures, 'picture')}: temperature {temperature:.3f}."
        )


def changes_text(options: Mapping[str, Any]) -> str:
    """Changes to a recipe in a line: `teachers wide-11 and compact-1, flip 0`."""
    flat = {name: value for name, value in options.items() if name != "augmentation"}
    flat |= options.get("augmentation", {})
    return ", ".join(f"{name.replace('_', ' ')} {_short(value)}" for name, value in flat.items())


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, list):
        return str(value)
    if value and all(isinstance(one, list) and len(one) == 2 for one in value):
        return " then ".join(str(side) for side, _ in value)  # picture sizes with their epochs
    return " and ".join(map(str, value)) or "none"
