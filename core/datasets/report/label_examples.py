"""Example pictures of each label in the files, to help a person map labels to classes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.catalogue.decoded_cache import DecodedDataset, cache_key, open_cached
from core.datasets.catalogue.opening import label_map_in_use
from core.datasets.readers.archive import open_tree
from core.datasets.readers.source import DatasetSource
from core.datasets.report.pictures import SampleSheet
from core.domain.errors import DatasetError, UnmappedLabels

PICTURES_PER_LABEL = 4
PICTURES_PER_ROW = 10
MOST_LABELS = 60
"""Maximum rows of a sheet: with more labels, folders are people rather than classes."""

_NUMBERS = re.compile(r"(\d+)")


def label_examples(
    source: DatasetSource, cache_dir: Path, labels: Sequence[str]
) -> dict[str, NDArray[np.uint8]]:
    """A few pictures of each label side by side, evenly spaced over the dataset.

    Returns:
        label -> uint8, `(size, count * size)`; empty where the dataset was not read yet, or its
        files are gone.
    """
    raw = _read(source, cache_dir)
    return {} if raw is None else _rows(raw, labels, PICTURES_PER_LABEL)


def label_sheet(source: DatasetSource, cache_dir: Path) -> SampleSheet | None:
    """Pictures of every label in the files, titled with its class where that is known.

    Returns:
        None where the dataset was not read yet, its files are gone, or nothing is labelled.
    """
    raw = _read(source, cache_dir)
    written = (
        [] if raw is None else sorted((one for one in raw.written if one), key=_natural_sort_key)
    )
    if raw is None or not written:
        return None
    class_of = _classes_of_labels(source, cache_dir)
    rows = _rows(raw, written[:MOST_LABELS], PICTURES_PER_ROW)
    titled = {_title(label, class_of): row for label, row in rows.items()}
    return SampleSheet(titled, raw.pixels.shape[1], "")


def _read(source: DatasetSource, cache_dir: Path) -> DecodedDataset | None:
    try:
        return open_cached(cache_dir, cache_key(open_tree(Path(source.path)), source))
    except DatasetError:
        return None


def _rows(raw: DecodedDataset, labels: Sequence[str], each: int) -> dict[str, NDArray[np.uint8]]:
    found = {}
    for label in labels:
        number = raw.written.index(label) if label in raw.written else -1
        at = np.flatnonzero(raw.labels == number)
        if len(at):
            chosen = at[np.linspace(0, len(at) - 1, min(each, len(at))).astype(int)]
            found[label] = np.concatenate([raw.pixels[one] for one in chosen], axis=1)
    return found


def _classes_of_labels(source: DatasetSource, cache_dir: Path) -> Mapping[str, str | None]:
    try:
        label_map = label_map_in_use(source, cache_dir)
    except UnmappedLabels:
        return {}
    return {} if label_map is None else dict(label_map.pairs)


def _title(label: str, class_of: Mapping[str, str | None]) -> str:
    to = class_of.get(label, label) or "excluded"
    return label if to == label else f"{label}: {to}"


def _natural_sort_key(label: str) -> list[tuple[bool, int, str]]:
    """Natural sort order: 2 before 10, and numbers before words."""
    return [_natural_key(part) for part in filter(None, _NUMBERS.split(label))]


def _natural_key(part: str) -> tuple[bool, int, str]:
    if not part.isdecimal():
        return True, 0, part
    # By length and digits: Python refuses to convert thousands of digits.
    digits = part.lstrip("0")
    return False, len(digits), digits
