"""How a model was made: from which pictures, with which recipe, and how it was calibrated."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from core.domain.counted import counted
from core.domain.dataset import Dataset, SplitProtocol

NOT_KNOWN = "pictures that are not known here"
"""What a model learned from whose card tells of none."""

UNCALIBRATED = "Not calibrated: its scores are the model's own outputs."

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class TrainingData:
    """The labelled pictures that a model learned from, and how they were divided.

    Attributes:
        dataset: its name, as people call it.
        content_hash: sha256 over pixels and labels of all of it, as it was learned: 64 hexadecimal
            digits.
        pictures: of the split that was learned.
        protocol: which split is for training, for validation and for the test.
    """

    dataset: str
    content_hash: str
    pictures: int
    protocol: SplitProtocol

    def __post_init__(self) -> None:
        if not self.dataset:
            raise ValueError("pictures that a model learned from are of some dataset")
        if not _HASH.fullmatch(self.content_hash):
            raise ValueError(f"{self.content_hash!r} is no content hash: 64 hexadecimal digits")
        if self.pictures < 0:
            raise ValueError(f"nothing learns from {self.pictures} pictures")

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """What a model learns from a dataset that is divided.

        Raises:
            EmptySplit: it is not.
        """
        protocol = dataset.divided
        count = dataset.sizes[protocol.train]
        return cls(dataset.name, dataset.content_hash, count, protocol)

    @property
    def learned(self) -> str:
        """The pictures that were learned, in words."""
        return f"{self.dataset} {self.protocol.train}, {counted(self.pictures, 'picture')}"

    @property
    def sentence(self) -> str:
        """All of it in words."""
        return (
            f'{self.learned}; epoch, temperature and "not sure" threshold chosen on '
            f"{self.protocol.validation}; tested once on {self.protocol.test}; content sha256 "
            f"{self.content_hash}"
        )

    def is_of(self, name: str, content_hashes: Collection[str]) -> bool:
        """Whether these are pictures of a dataset: by its content, or by its whole name.

        By its name too, as corrections and mappings change the content.
        """
        is_named = self.dataset.casefold() == name.casefold()
        return is_named or self.content_hash in content_hashes


@dataclass(frozen=True)
class RecipeUsed:
    """The recipe that made a model, and what was changed in it.

    Attributes:
        name: of the recipe.
        epochs: it was to run; None where that is not known.
        seed: of all chance; None likewise.
        changes: entry of the recipe -> value in its place; those of data augmentation under
            `augmentation`. Of cards whose changes were words: numbers to six digits, and of picture
            sizes the words.
        changes_as_told: changes in words that nobody could read into fields; empty for none.
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
            raise ValueError(f"{self.name}: {self.epochs} epochs teach nothing")
        if self.changes and self.changes_as_told:
            raise ValueError(f"{self.name}: its changes are told twice")

    @property
    def is_changed(self) -> bool:
        """Whether the recipe was run otherwise than it is written."""
        return bool(self.changes or self.changes_as_told)

    @property
    def changes_in_words(self) -> str:
        """Its changes in a line; empty for none."""
        return changes_in_words(self.changes) if self.changes else self.changes_as_told

    @property
    def title(self) -> str:
        """Its name, and in brackets epochs and seed where they are known."""
        if self.epochs is None or self.seed is None:
            return self.name
        return f"{self.name} ({counted(self.epochs, 'epoch')}, seed {self.seed})"

    @property
    def sentence(self) -> str:
        """Its title, and what was changed in it."""
        changed = self.changes_in_words
        return f"{self.title}, changed: {changed}" if changed else self.title


@dataclass(frozen=True)
class Calibration:
    """Labelled pictures that the temperature of a model from elsewhere was fitted on here.

    Attributes:
        dataset: its name.
        split: of it.
        pictures: with a label.
    """

    dataset: str
    split: str
    pictures: int

    def __post_init__(self) -> None:
        if self.pictures < 1:
            raise ValueError(f"nothing is calibrated on {self.pictures} pictures")

    def sentence(self, temperature: float) -> str:
        """It in words."""
        return (
            f"Calibrated here on {self.split} of {self.dataset}, "
            f"{counted(self.pictures, 'picture')}: temperature {temperature:.3f}."
        )


def changes_in_words(options: Mapping[str, Any]) -> str:
    """Changes of a recipe in a line: `teachers wide-11 and compact-1, flip 0`."""
    flat = {name: value for name, value in options.items() if name != "augmentation"}
    flat |= options.get("augmentation", {})
    return ", ".join(f"{name.replace('_', ' ')} {_short(value)}" for name, value in flat.items())


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, list):
        return str(value)
    if value and isinstance(value[0], list):  # picture sides, each with its share of the epochs
        return " then ".join(str(side) for side, _ in value)
    return " and ".join(map(str, value)) or "none"
