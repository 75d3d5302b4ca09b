"""Corrections of a dataset: a list of steps with a content hash; its files never change.

Steps are applied in order when a dataset is opened for training or display. The test split keeps
its pictures and labels as published, so that metrics stay comparable; only merged classes apply to
it, as all splits need the same classes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Dataset, LabelScheme
from core.domain.counted import counted
from core.domain.dataset import content_hash
from core.domain.errors import DatasetError, LabelSchemeMismatch, UnreadableDataset
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.file_lock import file_lock

FILE, VERSIONS = "corrections.json", "corrections"
VERSION = 1


@dataclass(frozen=True)
class Exclude:
    """Exclude pictures.

    Attributes:
        names: of the pictures.
        reason: why, in words.
    """

    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Relabel:
    """Give pictures another label.

    Attributes:
        names: of the pictures.
        label: of the dataset's scheme.
        reason: why, in words.
    """

    names: tuple[str, ...]
    label: str
    reason: str


@dataclass(frozen=True)
class Merge:
    """Merge one class into another.

    Attributes:
        label: the class that is removed.
        into: the class that receives its pictures.
        reason: why, in words.
    """

    label: str
    into: str
    reason: str


Correction = Exclude | Relabel | Merge
_KINDS: Mapping[str, type[Correction]] = {kind.__name__: kind for kind in (Exclude, Relabel, Merge)}


@dataclass(frozen=True)
class Corrections:
    """All corrections of a dataset, oldest first.

    Attributes:
        steps: undone from the last one backwards.
    """

    steps: tuple[Correction, ...] = ()

    @property
    def key(self) -> str:
        """A hash of the steps; empty without any."""
        if not self.steps:
            return ""
        return hashlib.sha256(json.dumps(self._plain(), sort_keys=True).encode()).hexdigest()[:16]

    def with_step(self, step: Correction) -> Corrections:
        """With one more step."""
        return Corrections((*self.steps, step))

    def without_last(self, count: int = 1) -> Corrections:
        """Without the last steps."""
        return Corrections(self.steps[: max(0, len(self.steps) - count)])

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"version": VERSION, "key": self.key, "steps": self._plain()}

    def _plain(self) -> list[dict[str, Any]]:
        return [{"kind": type(step).__name__, **to_plain(step)} for step in self.steps]

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Corrections:
        """The inverse of `to_json`.

        Raises:
            ValueError, KeyError, TypeError: it is none, or its key does not fit.
        """
        steps = []
        for one in read["steps"]:
            parts = dict(one)
            steps.append(from_plain(_KINDS[parts.pop("kind")], parts))
        found = cls(tuple(steps))
        if found.key != read["key"]:
            raise ValueError("the steps are not those its key was made from")
        return found


def load_corrections(folder: Path) -> Corrections:
    """The current corrections of a dataset; empty if there are none.

    Args:
        folder: of the dataset, in the catalogue.
    Raises:
        UnreadableDataset: the list is damaged.
    """
    try:
        return Corrections.from_json(parse_json((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Corrections()
    except DAMAGED_CONTENT as error:
        raise UnreadableDataset(
            f"The corrections of {folder.name} are damaged: {short_message(error)}.",
            advice=f"Restore {FILE} from a copy in corrections/, or delete it to start again.",
        ) from error


def load_version(folder: Path, key: str) -> Corrections:
    """One version of a dataset's corrections, whatever changed since.

    Args:
        key: of the version; empty for no corrections.
    Raises:
        UnreadableDataset: there is no such version, or it is damaged.
    """
    if not key:
        return Corrections()
    path = folder / VERSIONS / f"{Path(key).name}.json"
    try:
        return Corrections.from_json(parse_json(path.read_text(encoding="utf-8")))
    except DAMAGED_CONTENT as error:
        raise UnreadableDataset(
            f"Version {key} of the corrections of {folder.name} cannot be read: "
            f"{short_message(error)}.",
            advice="Choose the current version, or train without corrections.",
        ) from error


def change_corrections(folder: Path, change: Callable[[Corrections], Corrections]) -> Corrections:
    """Read, change and save the corrections of a dataset under a lock.

    Args:
        folder: of the dataset, in the catalogue.
        change: from the current corrections to the new ones; if it raises, nothing changes.
    Returns:
        The new corrections.
    Raises:
        UnreadableDataset: the list is damaged.
        DatasetError: it cannot be written; the earlier ones stay.
    """
    try:
        with file_lock(folder):
            changed = change(load_corrections(folder))
            save_corrections(folder, changed)
    except OSError as error:
        raise DatasetError(
            f"The correction of {folder.name} cannot be saved: {error.strerror or error}.",
            advice=f"Check that {folder} is there, can be written and has free space.",
        ) from error
    return changed


def undo_correction(folder: Path, *, expected_key: str, steps: int = 1) -> Corrections:
    """Undo the last steps.

    Args:
        expected_key: of the corrections that the person saw.
        steps: how many.
    Raises:
        DatasetError: the corrections have changed since; or as `change_corrections`.
    """

    def undo(now: Corrections) -> Corrections:
        if now.key != expected_key:
            raise DatasetError(
                f"The corrections of {folder.name} were changed elsewhere.",
                advice="Check the current list, then undo again.",
            )
        return now.without_last(steps)

    return change_corrections(folder, undo)


def save_corrections(folder: Path, corrections: Corrections) -> None:
    """Save corrections as the current ones, and as a version under their key.

    Raises:
        OSError: they cannot be written; the earlier ones stay.
    """
    text = json.dumps(corrections.to_json(), indent=1)
    versions = folder / VERSIONS
    versions.mkdir(exist_ok=True)
    for path in (versions / f"{corrections.key or 'none'}.json", folder / FILE):
        write_atomic(path, text)


def apply_corrections(dataset: Dataset, corrections: Corrections) -> Dataset:
    """The dataset with its corrections applied, and a note about them.

    Raises:
        LabelSchemeMismatch: a step names a label that the dataset does not have.
    """
    for step in corrections.steps:
        dataset = (
            _apply_merge(dataset, step)
            if isinstance(step, Merge)
            else _apply_to_pictures(dataset, step)
        )
    if not corrections.steps:
        return dataset
    count = len(corrections.steps)
    note = f"{counted(count, 'correction')} applied, version {corrections.key}."
    return replace(
        dataset,
        content_hash=content_hash(dataset.pictures),
        notes=(*dataset.notes, note),
    )


def named_in(dataset: Dataset, step: Exclude | Relabel) -> NDArray[np.bool_]:
    """Which pictures a step names: bool, shape `(n,)`."""
    return np.isin(dataset.pictures.names, np.array(step.names, dtype=np.str_))


def changed_by(dataset: Dataset, step: Exclude | Relabel) -> NDArray[np.bool_]:
    """Which pictures a step changes: those it names outside the test split; bool, shape `(n,)`."""
    named = named_in(dataset, step)
    if dataset.protocol is not None:
        named &= ~np.isin(np.arange(len(dataset)), dataset.positions(dataset.protocol.test))
    return named


def _apply_to_pictures(dataset: Dataset, step: Exclude | Relabel) -> Dataset:
    affected = changed_by(dataset, step)
    if isinstance(step, Exclude):
        return _take(dataset, np.flatnonzero(~affected))
    labels = dataset.pictures.labels.copy()
    labels[affected] = dataset.scheme.index(step.label)
    return replace(dataset, pictures=replace(dataset.pictures, labels=labels))


def _take(dataset: Dataset, positions: NDArray[np.int64]) -> Dataset:
    return replace(
        dataset,
        pictures=dataset.pictures.take(positions),
        split_of=dataset.split_of[positions],
    )


def _apply_merge(dataset: Dataset, step: Merge) -> Dataset:
    source, into = dataset.scheme.index(step.label), dataset.scheme.index(step.into)
    if source == into or len(dataset.scheme) < 3:
        raise LabelSchemeMismatch(
            f"{step.label} cannot be merged into {step.into}.",
            advice="Choose two different classes; at least two classes must remain.",
        )
    labels = tuple(label for label in dataset.scheme.labels if label != step.label)
    scheme = LabelScheme(f"{dataset.scheme.name}-without-{step.label}", labels)
    new_index = np.array(
        [
            scheme.index(label if label != step.label else step.into)
            for label in dataset.scheme.labels
        ]
    )
    old = dataset.pictures.labels
    new = np.where(old == UNLABELLED, UNLABELLED, new_index[old])
    return replace(dataset, scheme=scheme, pictures=replace(dataset.pictures, labels=new))
