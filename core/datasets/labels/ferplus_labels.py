"""FER+ labels by majority vote (Barsoum et al. 2016): eight classes, as defined by its authors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.catalogue.decoded_cache import DecodedDataset
from core.datasets.labels.ferplus_votes import USUAL_NAMES, find_votes_file, read_all_votes, rows_of
from core.datasets.readers.source import FER_PLUS, DatasetSource
from core.domain import FER7, LabelMap, LabelScheme
from core.domain.errors import UnreadableDataset

FER_PLUS8 = LabelScheme(FER_PLUS, (*FER7.labels, "contempt"))
UNKNOWN, NOT_A_FACE = "unknown", "not a face"
_WRITTEN = ("", *FER_PLUS8.labels, UNKNOWN, NOT_A_FACE)


def majority(votes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The class of each picture with more than half of the counted votes.

    As in mode "majority" of the authors' `ferplus.py`: single votes are ignored as outliers;
    without a majority, the picture is unknown.

    Args:
        votes: int64 `(n, 10)`: the classes of `FER_PLUS8`, then unknown, then not a face.
    Returns:
        int64 `(n,)`: 0 to 7 the class, 8 unknown, 9 not a face.
    """
    counted = np.where(votes > 1, votes, 0)
    first = counted.argmax(axis=1)
    most = counted.max(axis=1)
    return np.where(most * 2 > counted.sum(axis=1), first, len(FER_PLUS8))


def with_majority_labels(
    raw: DecodedDataset, source: DatasetSource
) -> tuple[DecodedDataset, LabelMap]:
    """The dataset with FER+'s labels; the map excludes pictures of no class.

    Raises:
        UnreadableDataset: there are no votes beside it, or they are damaged or of other pictures.
    """
    path = find_votes_file(Path(source.path))
    if path is None:
        raise UnreadableDataset(
            f"There are no FER+ votes beside {Path(source.path).name}.",
            advice=f"Put {USUAL_NAMES[0]} (or {USUAL_NAMES[1]}) into its folder.",
        )
    votes = read_all_votes(path)
    rows = rows_of(raw.names.tolist())
    if len(rows) == 0 or rows.min() < 0 or rows.max() >= len(votes):
        raise UnreadableDataset(
            f"{path.name} has {len(votes):,} rows, and some pictures of {source.name} are none of "
            "them.",
            advice="FER+ identifies pictures by their row in fer2013.csv: open that file, or "
            "the challenge's train.csv and test.csv.",
        )
    labels = majority(votes[rows]) + 1
    pairs = [(label, label) for label in FER_PLUS8.labels]
    label_map = LabelMap(FER_PLUS8.name, FER_PLUS8, (*pairs, (UNKNOWN, None), (NOT_A_FACE, None)))
    note = f"Labels by FER+ majority vote ({path.name})."
    return replace(raw, labels=labels, written=_WRITTEN, notes=(*raw.notes, note)), label_map
