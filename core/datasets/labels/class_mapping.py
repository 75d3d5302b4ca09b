"""Class mappings: a dataset under other classes, built in or defined by a person."""

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
from core.domain.plain_values import parse_json
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.storage.file_lock import file_lock

BUILT_IN: Mapping[str, LabelMap] = {TO_CONFIDENT2.name: TO_CONFIDENT2}
_DAMAGE: tuple[type[Exception], ...] = (LabelSchemeMismatch, *DAMAGED_CONTENT)
_NAME = re.compile(r"\w[\w -]{0,39}")


def apply_map(dataset: Dataset, label_map: LabelMap) -> Dataset:
    """The dataset under the map's classes, without pictures of labels that the map excludes.

    Splits stay the same.

    Raises:
        LabelSchemeMismatch: a label is not in the map.
    """
    target = label_map.target
    new = [label_map[label] for label in dataset.scheme.labels]
    class_of = np.array([UNLABELLED if label is None else target.index(label) for label in new])
    labels = dataset.pictures.labels
    included = (labels == UNLABELLED) | np.array([label is not None for label in new])[labels]
    mapped = np.where(labels == UNLABELLED, UNLABELLED, class_of[labels])
    pictures = replace(dataset.pictures, labels=mapped)
    positions = np.flatnonzero(included)
    if not included.all():
        pictures = pictures.take(positions)
    excluded = ", ".join(
        label for label, to in zip(dataset.scheme.labels, new, strict=True) if to is None
    )
    note = f"Classes as in {label_map.name!r}" + (f"; excluded: {excluded}." if excluded else ".")
    return replace(
        dataset,
        scheme=target,
        pictures=pictures,
        split_of=dataset.split_of[positions],
        content_hash=content_hash(pictures),
        notes=(*dataset.notes, note),
    )


def maps_for(schemes_dir: Path, scheme: LabelScheme) -> dict[str, LabelMap]:
    """Every map that covers all labels of a scheme: name -> map, built-in ones first."""
    found = {**BUILT_IN, **_saved(schemes_dir), **BUILT_IN}
    return {
        name: one
        for name, one in found.items()
        if set(scheme.labels) <= {source for source, _ in one.pairs}
    }


def map_named(schemes_dir: Path, scheme: LabelScheme, name: str) -> LabelMap:
    """A map that fits a scheme, by name.

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
    """A map defined by a person.

    Args:
        name: up to 40 letters, digits, blanks and dashes.
        pairs: label -> class; an empty class excludes the pictures.
    Raises:
        DatasetError: the name cannot be used.
        LabelSchemeMismatch: there are fewer than two classes.
    """
    if not _NAME.fullmatch(name) or _file_name(name) in _RESERVED_NAMES:
        raise DatasetError(
            f"{name[:80]!r} cannot be the name of a mapping.",
            advice="Use up to 40 letters, digits, blanks and dashes, and no name of Mien's own.",
        )
    classes = tuple(dict.fromkeys(one.strip().lower() for one in pairs.values() if one.strip()))
    if len(classes) < 2:
        raise LabelSchemeMismatch(
            f"{name} leaves {len(classes)} class.", advice="Give at least two different classes."
        )
    scheme = LabelScheme(_file_name(name), classes)
    return LabelMap(
        name,
        scheme,
        tuple((label, one.strip().lower() or None) for label, one in pairs.items()),
    )


def save_map(schemes_dir: Path, label_map: LabelMap) -> None:
    """Save a map, replacing one with the same name.

    Raises:
        DatasetError: another map's name differs in capitals, blanks and dashes only.
        OSError: it cannot be written.
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


def _file_name(name: str) -> str:
    """The name of a map's file and scheme."""
    return name.lower().replace(" ", "-")


# Names of built-in maps, and of the folder for reports without a mapping.
_RESERVED_NAMES = {*map(_file_name, BUILT_IN), "as-in-the-files"}


def _saved(schemes_dir: Path) -> dict[str, LabelMap]:
    found = {}
    for path in sorted(schemes_dir.glob("*.json")):
        try:
            read: dict[str, Any] = parse_json(path.read_text(encoding="utf-8"))
            scheme = LabelScheme(path.stem, tuple(str(one) for one in read["classes"]))
            pairs = tuple((str(label), str(to) or None) for label, to in read["pairs"])
            found[str(read["name"])] = LabelMap(str(read["name"]), scheme, pairs)
        except _DAMAGE:
            continue  # a damaged file does not affect other mappings
    return found
