"""Pictures of each label as files have them, for whoever has to say what a label stands for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.cache import cache_key, open_cached
from core.datasets.source import DatasetSource
from core.datasets.tree import open_tree
from core.errors import DatasetError

EACH = 4  # as many as tell a class from another, at a glance


def label_examples(
    source: DatasetSource, cache_dir: Path, labels: Sequence[str]
) -> dict[str, NDArray[np.uint8]]:
    """A few pictures of each label side by side, from all over the dataset.

    Returns:
        label -> uint8, `(size, count * size)`; nothing where the dataset was not read yet, or its
        files are gone.
    """
    try:
        raw = open_cached(cache_dir, cache_key(open_tree(Path(source.path)), source))
    except DatasetError:
        return {}
    if raw is None:
        return {}
    found = {}
    for label in labels:
        number = raw.written.index(label) if label in raw.written else -1
        at = np.flatnonzero(raw.labels == number)
        if len(at):
            chosen = at[np.linspace(0, len(at) - 1, min(EACH, len(at))).astype(int)]
            found[label] = np.concatenate([raw.pixels[one] for one in chosen], axis=1)
    return found
