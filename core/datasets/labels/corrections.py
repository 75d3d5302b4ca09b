"""What a person changed about a dataset: a list of steps with a content hash, never the files.

Steps are applied in order when a dataset is opened for training or looked at. The split that judges
keeps its pictures and labels as published, or figures would no longer compare; only merged classes
reach it, as all splits need the same classes.
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
from core.domain.plain_values import from_plain, to_plain
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.file_lock import file_lock

FILE, VERSIONS = "corrections.json", "corrections"
VERSION = 1


@dataclass(frozen=True)
class Exclude:
    """Leave pictures out.

    Attributes:
        names: which.
        reason: why, in words.
    """

    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Relabel:
    """Give pictures another label.

    Attributes:
        names: which.
        label: of the dataset's scheme.
        reason: why, in words.
    """

    names: tuple[str, ...]
    label: str
    reason: str


@dataclass(frozen=True)
class Merge:
    """Make two classes one.

    Attributes:
        label: goes.
        into: takes its pictures.
        reason: why, in words.
    """

    label: str
    into: str
    reason: str


Step = Exclude | Relabel | Merge
_KINDS: Mapping[str, type[Step]] = {kind.__name__: kind for kind in (Exclude, Relabel, Merge)}


@dataclass(frozen=True)
class Corrections:
    """Everything changed so far, oldest first.

    Attributes:
        steps: each can be taken back, the last first.
    """

    steps: tuple[Step, ...] = ()

    @property
    def key(self) -> str:
        """The same steps have the same; empty without any."""
        if not self.steps:
            return ""
        return hashlib.sha256(json.dumps(self._plain(), sort_keys=True).encode()).hexdigest()[:16]

    def and_then(self, step: Step) -> Corrections:
        """With one step more."""
        return Corrections((*self.steps, step))

    def undone(self) -> Corrections:
        """Without the last step."""
        return Corrections(self.steps[:-1])

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
    """Those of a catalogue's dataset; none if nothing was changed.

    Args:
        folder: the dataset's, in the catalogue.
    Raises:
        UnreadableDataset: the list is damaged.
    """
    try:
        return Corrections.from_json(json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Corrections()
    except DAMAGED_CONTENT as error:
        raise UnreadableDataset(
            f"The corrections of {folder.name} are damaged: {short_message(error)}.",
            advice=f"Restore {FILE} from a copy in corrections/, or delete it to start again.",
        ) from error


def load_version(folder: Path, key: str) -> Corrections:
    """One version of a dataset's corrections, whatever was changed since.

    Args:
        key: of the version; empty for no corrections.
    Raises:
        UnreadableDataset: there is no such version, or it is damaged.
    """
    if not key:
        return Corrections()
    path = folder / VERSIONS / f"{Path(key).name}.json"
    try:
        return Corrections.from_json(json.loads(path.read_text(encoding="utf-8")))
    except DAMAGED_CONTENT as error:
        raise UnreadableDataset(
            f"Version {key} of the corrections of {folder.name} cannot be read: "
            f"{short_message(error)}.",
            advice="Choose the current version, or train without corrections.",
        ) from error


def change_corrections(folder: Path, change: Callable[[Corrections], Corrections]) -> Corrections:
    """Change what stands there now, whoever else corrects the same dataset at this moment.

    Args:
        folder: the dataset's, in the catalogue.
        change: from the corrections that stand there; may raise, and nothing changes.
    Returns:
        What stands there then.
    Raises:
        UnreadableDataset: the list is damaged.
        DatasetError: the disk refused; the earlier ones stay.
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


def undo_correction(folder: Path, *, seen: str) -> Corrections:
    """Take the last step back.

    Args:
        seen: key of the corrections whose last step is meant.
    Raises:
        DatasetError: others stand there by now; or as `change_corrections`.
    """

    def without_last(now: Corrections) -> Corrections:
        if now.key != seen:
            raise DatasetError(
                f"The corrections of {folder.name} were changed elsewhere.",
                advice="Check the current list, then undo again.",
            )
        return now.undone()

    return change_corrections(folder, without_last)


def save_corrections(folder: Path, corrections: Corrections) -> None:
    """Make them the current ones; every version stays beside them under its key.

    Raises:
        OSError: the disk refused; the earlier ones stay.
    """
    text = json.dumps(corrections.to_json(), indent=1)
    versions = folder / VERSIONS
    versions.mkdir(exist_ok=True)
    for path in (versions / f"{corrections.key or 'none'}.json", folder / FILE):
        write_atomic(path, text)


def apply_corrections(dataset: Dataset, corrections: Corrections) -> Dataset:
    """The dataset as corrected; what was changed is told in its notes.

    Raises:
        LabelSchemeMismatch: a step names a label that the dataset does not have.
    """
    for step in corrections.steps:
        dataset = _merged(dataset, step) if isinstance(step, Merge) else _changed(dataset, step)
    if not corrections.steps:
        return dataset
    count = len(corrections.steps)
    told = f"{counted(count, 'correction')} applied, version {corrections.key}."
    return replace(
        dataset,
        content_hash=content_hash(dataset.pictures),
        notes=(*dataset.notes, told),
    )


def _changed(dataset: Dataset, step: Exclude | Relabel) -> Dataset:
    named = np.isin(dataset.pictures.names, np.array(step.names, dtype=np.str_))
    if dataset.protocol is not None:
        named &= ~np.isin(np.arange(len(dataset)), dataset.positions(dataset.protocol.test))
    if isinstance(step, Exclude):
        return _taken(dataset, np.flatnonzero(~named))
    labels = dataset.pictures.labels.copy()
    labels[named] = dataset.scheme.index(step.label)
    return replace(dataset, pictures=replace(dataset.pictures, labels=labels))


def _taken(dataset: Dataset, positions: NDArray[np.int64]) -> Dataset:
    return replace(
        dataset,
        pictures=dataset.pictures.take(positions),
        split_of=dataset.split_of[positions],
    )


def _merged(dataset: Dataset, step: Merge) -> Dataset:
    gone, into = dataset.scheme.index(step.label), dataset.scheme.index(step.into)
    if gone == into or len(dataset.scheme) < 3:
        raise LabelSchemeMismatch(
            f"{step.label} cannot be merged into {step.into}.",
            advice="Choose two different classes; at least two classes must remain.",
        )
    labels = tuple(label for label in dataset.scheme.labels if label != step.label)
    scheme = LabelScheme(f"{dataset.scheme.name}-without-{step.label}", labels)
    place = np.array(
        [
            scheme.index(label if label != step.label else step.into)
            for label in dataset.scheme.labels
        ]
    )
    old = dataset.pictures.labels
    new = np.where(old == UNLABELLED, UNLABELLED, place[old])
    return replace(dataset, scheme=scheme, pictures=replace(dataset.pictures, labels=new))
