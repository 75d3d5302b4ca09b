"""Small parts of an evaluation as files, and back: votes, history, predictions."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import Votes
from core.domain import EpochEnded, LabelScheme, PictureSet, softmax
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.evaluation.metrics.arrays import Floats
from core.storage.csv_injection import neutralise_formula

if TYPE_CHECKING:
    import pandas as pd

VOTES_FILE = "votes.npz"
HISTORY_FILE = "history.json"
PREDICTIONS_FILE = "predictions.csv"
_MAX_VOTES = 255


def votes_bytes(votes: Votes, positions: Mapping[str, NDArray[np.int64]]) -> bytes:
    """FER+'s votes on the evaluated pictures, as a file of an evaluation.

    Args:
        votes: rows in the order of the dataset's pictures.
        positions: split -> rows of its evaluated pictures.
    """
    arrays: dict[str, NDArray[np.uint8]] = {}
    for split, at in positions.items():
        arrays[f"{split}/counts"] = votes.counts[at].clip(0, _MAX_VOTES).astype(np.uint8)
        arrays[f"{split}/others"] = votes.others[at].clip(0, _MAX_VOTES).astype(np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def read_votes_part(content: bytes) -> dict[str, Votes]:
    """The inverse of `votes_bytes`: split -> its votes, in the order of its predictions."""
    with np.load(io.BytesIO(content)) as read:
        splits = sorted({name.rpartition("/")[0] for name in read.files})
        return {
            split: Votes(
                read[f"{split}/counts"].astype(np.int64),
                read[f"{split}/others"].astype(np.int64),
                np.full(len(read[f"{split}/others"]), split),
            )
            for split in splits
        }


def history_bytes(epochs: Sequence[EpochEnded]) -> bytes:
    """Training history, epoch by epoch, as a file of an evaluation."""
    return json.dumps(to_plain(list(epochs)), allow_nan=False).encode()


def read_history(content: bytes) -> tuple[EpochEnded, ...]:
    """The inverse of `history_bytes`."""
    return from_plain(tuple[EpochEnded, ...], parse_json(content))


def predictions_table(
    parts: Sequence[tuple[str, PictureSet, Floats]], scheme: LabelScheme, temperature: float
) -> pd.DataFrame:
    """The prediction for every picture, labelled or not: one row each.

    Args:
        parts: split, its pictures, and their logits `(n, k)`.
    """
    import pandas as pd

    tables = []
    # The last name, at -1, is for pictures without a label.
    names = np.array([*map(neutralise_formula, scheme.labels), ""])
    for split, pictures, logits in parts:
        scores = softmax(logits / temperature)
        predicted = logits.argmax(axis=1)
        table = pd.DataFrame(
            {
                "picture": [neutralise_formula(name) for name in pictures.names.tolist()],
                "split": neutralise_formula(split),
                "label": names[pictures.labels],
                "said": names[predicted],
                "score": scores.max(axis=1).round(4),
            }
        )
        for at, label in enumerate(scheme.labels):
            table[f"p_{label}"] = scores[:, at].round(4)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


ROBUSTNESS_FILE = "conditions.json"


GROUPS_FILE = "groups.json"
