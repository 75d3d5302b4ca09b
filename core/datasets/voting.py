"""FER+'s votes for the pictures of a dataset, where its files keep FER2013's order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import is_number
from core.datasets.source import DatasetSource
from core.datasets.votes import Votes, read_votes
from core.domain import FER7, Dataset

USUAL_NAMES = ("ferplus_votes.csv", "fer2013new.csv")
# Files of FER2013's rows, and the row of the votes that their first row belongs to.
_FIRST_VOTE = {
    "fer2013.csv": 0,
    "icml_face_data.csv": 0,
    "train.csv": 0,
    "test.csv": 28_709,
    "test_with_emotions.csv": 28_709,
}


def votes_for(dataset: Dataset, source: DatasetSource, path: str) -> Votes | None:
    """How people voted on each picture; None where there are no votes, or nobody can tell whose.

    Args:
        source: of the dataset: votes are looked for beside its files.
        path: of the votes' file; empty looks for it.
    Returns:
        Rows in the order of the dataset's pictures; rows without votes hold zeros.
    Raises:
        UnreadableDataset: the file of votes is damaged.
    """
    file = Path(path) if path else votes_beside(Path(source.path))
    if file is None or dataset.scheme != FER7:
        return None
    votes = read_votes(file)
    rows = rows_of(dataset.pictures.names.tolist())
    known = (rows >= 0) & (rows < len(votes.usage))
    if not known.any():
        return None
    counts = np.zeros((len(rows), votes.counts.shape[1]), dtype=np.int64)
    others = np.zeros(len(rows), dtype=np.int64)
    counts[known], others[known] = votes.counts[rows[known]], votes.others[rows[known]]
    usage = np.full(len(rows), "", dtype=votes.usage.dtype)
    usage[known] = votes.usage[rows[known]]
    return Votes(counts, others, usage)


def votes_beside(path: Path) -> Path | None:
    """A file of votes in the folder, or in the one a file lies in; None without."""
    folders = (path, path.parent)
    found = (folder / name for folder in folders for name in USUAL_NAMES)
    return next((file for file in found if file.is_file()), None)


def rows_of(names: Sequence[str]) -> NDArray[np.int64]:
    """The row of the votes for each picture; -1 where nobody can tell."""
    return np.array([_row_of(name) for name in names], dtype=np.int64)


def _row_of(name: str) -> int:
    """The row of the votes for a picture such as `fer2013.csv:12`; -1 where nobody can tell."""
    file, _, row = name.rpartition(":")
    first = _FIRST_VOTE.get(file.lower())
    return -1 if first is None or not is_number(row) else first + int(row) - 2
