"""Pictures of each label as files have them, for whoever has to say what a label stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.catalogue.decoded_cache import RawDataset, cache_key, open_cached
from core.datasets.catalogue.opening import label_map_in_use
from core.datasets.readers.archive import open_tree
from core.datasets.readers.source import DatasetSource
from core.datasets.report.pictures import SampleSheet
from core.domain.errors import DatasetError, UnmappedLabels

EACH = 4  # as many as tell a class from another, at a glance
ON_A_SHEET = 10
MOST_LABELS = 60
"""Rows of a sheet: with more, folders are people or pictures rather than classes."""

_NUMBERS = re.compile(r"(\d+)")


def label_examples(
    source: DatasetSource, cache_dir: Path, labels: Sequence[str]
) -> dict[str, NDArray[np.uint8]]:
    """A few pictures of each label side by side, from all over the dataset.

    Returns:
        label -> uint8, `(size, count * size)`; nothing where the dataset was not read yet, or its
        files are gone.
    """
    raw = _read(source, cache_dir)
    return {} if raw is None else _rows(raw, labels, EACH)


def label_sheet(source: DatasetSource, cache_dir: Path) -> SampleSheet | None:
    """Pictures of every label as the files have it, and what it became where that is settled.

    Returns:
        None where the dataset was not read yet, its files are gone, or nothing carries a label.
    """
    raw = _read(source, cache_dir)
    written = [] if raw is None else sorted((one for one in raw.written if one), key=_by_number)
    if raw is None or not written:
        return None
    became = _became(source, cache_dir)
    rows = _rows(raw, written[:MOST_LABELS], ON_A_SHEET)
    titled = {_title(label, became): row for label, row in rows.items()}
    return SampleSheet(titled, raw.pixels.shape[1], "")


def _read(source: DatasetSource, cache_dir: Path) -> RawDataset | None:
    try:
        return open_cached(cache_dir, cache_key(open_tree(Path(source.path)), source))
    except DatasetError:
        return None


def _rows(raw: RawDataset, labels: Sequence[str], each: int) -> dict[str, NDArray[np.uint8]]:
    found = {}
    for label in labels:
        number = raw.written.index(label) if label in raw.written else -1
        at = np.flatnonzero(raw.labels == number)
        if len(at):
            chosen = at[np.linspace(0, len(at) - 1, min(each, len(at))).astype(int)]
            found[label] = np.concatenate([raw.pixels[one] for one in chosen], axis=1)
    return found


def _became(source: DatasetSource, cache_dir: Path) -> Mapping[str, str | None]:
    try:
        label_map = label_map_in_use(source, cache_dir)
    except UnmappedLabels:
        return {}
    return {} if label_map is None else dict(label_map.pairs)


def _title(label: str, became: Mapping[str, str | None]) -> str:
    to = became.get(label, label) or "excluded"
    return label if to == label else f"{label}: {to}"


def _by_number(label: str) -> list[tuple[bool, int, str]]:
    """As people sort: 2 before 10, and numbers before words."""
    return [_place(part) for part in filter(None, _NUMBERS.split(label))]


def _place(part: str) -> tuple[bool, int, str]:
    if not part.isdecimal():
        return True, 0, part
    # By length and digits: Python refuses to read a number of thousands of them.
    digits = part.lstrip("0")
    return False, len(digits), digits
