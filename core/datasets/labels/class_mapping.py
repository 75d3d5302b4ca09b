"""Looking at a dataset under other classes: two of seven, or whatever a person maps and names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import TO_CONFIDENT2, UNLABELLED, Dataset, LabelMap, LabelScheme
from core.domain.dataset import content_hash
from core.domain.errors import DatasetError, LabelSchemeMismatch
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.storage.file_lock import file_lock

BUILT_IN: Mapping[str, LabelMap] = {TO_CONFIDENT2.name: TO_CONFIDENT2}
_DAMAGE: tuple[type[Exception], ...] = (LabelSchemeMismatch, *DAMAGED_CONTENT)
_NAME = re.compile(r"\w[\w -]{0,39}")


def apply_map(dataset: Dataset, label_map: LabelMap) -> Dataset:
    """The dataset under the map's classes; pictures of labels that it leaves out are left out.

    Splits stay as they are.

    Raises:
        LabelSchemeMismatch: the map does not say what becomes of some label.
    """
    target = label_map.target
    new = [label_map[label] for label in dataset.scheme.labels]
    place = np.array([UNLABELLED if label is None else target.index(label) for label in new])
    labels = dataset.pictures.labels
    stays = (labels == UNLABELLED) | np.array([label is not None for label in new])[labels]
    mapped = np.where(labels == UNLABELLED, UNLABELLED, place[labels])
    pictures = replace(dataset.pictures, labels=mapped)
    positions = np.flatnonzero(stays)
    if not stays.all():
        pictures = pictures.take(positions)
    gone = ", ".join(
        label for label, to in zip(dataset.scheme.labels, new, strict=True) if to is None
    )
    told = f"Classes as in {label_map.name!r}" + (f"; excluded: {gone}." if gone else ".")
    return replace(
        dataset,
        scheme=target,
        pictures=pictures,
        split_of=dataset.split_of[positions],
        content_hash=content_hash(pictures),
        notes=(*dataset.notes, told),
    )


def maps_for(schemes_dir: Path, scheme: LabelScheme) -> dict[str, LabelMap]:
    """Every map that says what becomes of each label of a scheme: name -> map, ours first."""
    found = {**BUILT_IN, **_saved(schemes_dir), **BUILT_IN}
    return {
        name: one
        for name, one in found.items()
        if set(scheme.labels) <= {source for source, _ in one.pairs}
    }


def map_named(schemes_dir: Path, scheme: LabelScheme, name: str) -> LabelMap:
    """One of the maps that fit a scheme.

    Raises:
        LabelSchemeMismatch: there is none of that name; the message lists those that fit.
    """
    found = maps_for(schemes_dir, scheme)
    if name not in found:
        raise LabelSchemeMismatch(
            f"There is no mapping {name!r} for the classes of {scheme.name}.",
            advice=f"There are: {', '.join(found) or 'none'}.",
        )
    return found[name]


def make_map(name: str, pairs: Mapping[str, str]) -> LabelMap:
    """A map of a person's own.

    Args:
        name: up to 40 letters, digits, blanks and dashes.
        pairs: label -> class; an empty class leaves the pictures out.
    Raises:
        DatasetError: the name cannot be used.
        LabelSchemeMismatch: fewer than two classes are left.
    """
    if not _NAME.fullmatch(name) or _plain(name) in _TAKEN:
        raise DatasetError(
            f"{name[:80]!r} cannot be the name of a mapping.",
            advice="Use up to 40 letters, digits, blanks and dashes, and no name of Mien's own.",
        )
    classes = tuple(dict.fromkeys(one.strip().lower() for one in pairs.values() if one.strip()))
    if len(classes) < 2:
        raise LabelSchemeMismatch(
            f"{name} leaves {len(classes)} class.", advice="Give at least two different classes."
        )
    scheme = LabelScheme(_plain(name), classes)
    return LabelMap(
        name,
        scheme,
        tuple((label, one.strip().lower() or None) for label, one in pairs.items()),
    )


def save_map(schemes_dir: Path, label_map: LabelMap) -> None:
    """Keep a map under its name, in place of one with the same.

    Raises:
        DatasetError: another one's name differs in capitals, blanks and dashes alone.
        OSError: the disk refused.
    """
    schemes_dir.mkdir(parents=True, exist_ok=True)
    content = {
        "name": label_map.name,
        "classes": list(label_map.target.labels),
        "pairs": [[label, to or ""] for label, to in label_map.pairs],
    }
    with file_lock(schemes_dir):
        _expect_free(schemes_dir, label_map)
        write_atomic(schemes_dir / f"{label_map.target.name}.json", json.dumps(content, indent=1))


def _expect_free(schemes_dir: Path, label_map: LabelMap) -> None:
    for name, one in _saved(schemes_dir).items():
        if name != label_map.name and one.target.name == label_map.target.name:
            raise DatasetError(
                f"There is a mapping {name!r}, and {label_map.name!r} is nearly the same name.",
                advice="Choose another name.",
            )


def _plain(name: str) -> str:
    """As a file and a scheme are called."""
    return name.lower().replace(" ", "-")


# Names of ours, and of the folder for reports without any mapping.
_TAKEN = {*map(_plain, BUILT_IN), "as-in-the-files"}


def _saved(schemes_dir: Path) -> dict[str, LabelMap]:
    found = {}
    for path in sorted(schemes_dir.glob("*.json")):
        try:
            read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            scheme = LabelScheme(path.stem, tuple(str(one) for one in read["classes"]))
            pairs = tuple((str(label), str(to) or None) for label, to in read["pairs"])
            found[str(read["name"])] = LabelMap(str(read["name"]), scheme, pairs)
        except _DAMAGE:
            continue  # a damaged file takes only its own mapping with it
    return found
