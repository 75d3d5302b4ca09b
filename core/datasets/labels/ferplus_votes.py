"""FER+ (Barsoum et al. 2016): ten annotators' votes, matched to the pictures of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels.label_names import is_number
from core.datasets.readers.source import DatasetSource
from core.domain import FER7, Dataset
from core.domain.errors import UnreadableDataset
from core.storage.corrupt_data import DAMAGED_BYTES, short_message

if TYPE_CHECKING:
    import pandas as pd

COLUMN_OF = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprise": "surprise",
    "neutral": "neutral",
}
OTHERS = ("contempt", "unknown", "NF")  # NF: not a face
_MOST_VOTES = 1000  # larger numbers are not counts of annotators


@dataclass(frozen=True, eq=False)
class Votes:
    """Counts of votes, for each row of fer2013.csv.

    Attributes:
        counts: int64, shape `(n, 7)`, in the order of FER7.
        others: int64, shape `(n,)`: contempt, unknown and "not a face" together.
        usage: str, shape `(n,)`: the split of each row.
    """

    counts: NDArray[np.int64]
    others: NDArray[np.int64]
    usage: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.others)


def read_votes(path: Path) -> Votes:
    """Read a file of votes; order of columns and blanks around their names do not matter.

    Raises:
        UnreadableDataset: no such file, no CSV file, a missing column, or a cell that is no count
            (its row is named as a spreadsheet counts: the header is row 1).
    """
    table, columns = _checked_table(path)
    counts = _counts(path, table[columns])
    return Votes(
        counts=counts[:, : len(FER7)],
        others=counts[:, len(FER7) :].sum(axis=1),
        usage=table["Usage"].str.strip().to_numpy(dtype=np.str_),
    )


def read_all_votes(path: Path) -> NDArray[np.int64]:
    """All counts: int64 `(n, 10)`, FER7's classes, then contempt, unknown and not a face.

    Raises:
        UnreadableDataset: as `read_votes`.
    """
    table, columns = _checked_table(path)
    return _counts(path, table[columns])


def _checked_table(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """The table, and the names of its vote columns in the order of FER7."""
    table = _table(path)
    if table.columns.has_duplicates:
        raise UnreadableDataset(
            f"{path.name} names a column twice: {', '.join(table.columns)[:200]}.",
            advice="Download it again; each column has a name of its own.",
        )
    columns = [*(COLUMN_OF[label] for label in FER7.labels), *OTHERS]
    missing = [name for name in ("Usage", *columns) if name not in table.columns]
    if missing:
        raise UnreadableDataset(
            f"{path.name} has no column {' or '.join(missing)}.",
            advice=f"A file of FER+ votes has the columns Usage, Image name, {', '.join(columns)}.",
        )
    return table, columns


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    damage: tuple[type[Exception], ...] = (pd.errors.ParserError, pd.errors.EmptyDataError)
    try:
        with path.open("rb") as file:  # given a path, pandas would also fetch and unpack
            table = pd.read_csv(file, dtype=str, keep_default_na=False)
    except FileNotFoundError as error:
        raise UnreadableDataset(
            f"There is no file {path.name} with votes.", advice="Choose ferplus_votes.csv."
        ) from error
    except (*damage, *DAMAGED_BYTES) as error:
        raise UnreadableDataset(
            f"{path.name} is not a readable CSV file: {short_message(error)}.",
            advice="Download it again, or export it as comma-separated UTF-8 text.",
        ) from error
    if not isinstance(table.index, pd.RangeIndex):
        # pandas then takes the first cell as an index, which shifts all columns by one.
        raise UnreadableDataset(
            f"{path.name} has rows of more cells than its header names.",
            advice="Download it again; every row has one cell for each name in the header.",
        )
    table.columns = table.columns.str.strip()
    return table


def _counts(path: Path, cells: pd.DataFrame) -> NDArray[np.int64]:
    import pandas as pd

    numbers: NDArray[np.float64] = cells.apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    valid = (numbers >= 0) & (numbers <= _MOST_VOTES) & (numbers == np.floor(numbers))
    if not valid.all():
        row, column = np.argwhere(~valid)[0]
        raise UnreadableDataset(
            f"{path.name}, row {row + 2}: {str(cells.iat[row, column])[:20]!r} votes for "
            f"{cells.columns[column]}.",
            advice="Every cell is a whole number of votes; download the file again.",
        )
    return numbers.astype(np.int64)


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
    """The votes on each picture; None where there are none, or they cannot be matched.

    Args:
        source: of the dataset: votes are searched beside its files.
        path: of the file of votes; empty searches for it.
    Returns:
        Rows in the order of the dataset's pictures; rows without votes hold zeros.
    Raises:
        UnreadableDataset: the file of votes is damaged.
    """
    file = Path(path) if path else find_votes_file(Path(source.path))
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


def find_votes_file(path: Path) -> Path | None:
    """A file of votes in the folder, or beside the file; None without."""
    folders = (path, path.parent)
    found = (folder / name for folder in folders for name in USUAL_NAMES)
    return next((file for file in found if file.is_file()), None)


def rows_of(names: Sequence[str]) -> NDArray[np.int64]:
    """The row of the votes for each picture; -1 where it is unknown."""
    return np.array([_row_of(name) for name in names], dtype=np.int64)


def _row_of(name: str) -> int:
    """The row of the votes for a picture such as `fer2013.csv:12`; -1 where it is unknown."""
    file, _, row = name.rpartition(":")
    first = _FIRST_VOTE.get(file.lower())
    return -1 if first is None or not is_number(row) else first + int(row) - 2
