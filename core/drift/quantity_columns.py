"""Observations as columns: from pictures, or from the timelines of sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.domain import LabelScheme, Timeline
from core.domain.errors import LabelSchemeMismatch
from core.drift.quantity import Quantity

NO_PREDICTION = -1
"""In `Columns.tops`: no model classified this face."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Columns:
    """One row per face: of a picture, or of a second of a session.

    Attributes:
        numbers: quantity -> float64 `(n,)`; NaN where it was not measured.
        tops: int64 `(n,)`, predicted class number, or `NO_PREDICTION`.
        labels: names of the classes; empty without predictions.
        stream: int64 `(n,)`, ascending: rows of one stream are of one face in one session.
        second: int64 `(n,)`, strictly ascending within a stream.
    """

    numbers: Mapping[Quantity, Floats]
    tops: Ints
    labels: tuple[str, ...]
    stream: Ints
    second: Ints

    def __post_init__(self) -> None:
        rows = len(self.tops)
        for column in (self.stream, self.second, *self.numbers.values()):
            if column.shape != (rows,):
                raise ValueError(f"a column of shape {column.shape} for {rows} rows")
        if rows and not NO_PREDICTION <= self.tops.min() <= self.tops.max() < len(self.labels):
            raise ValueError(f"class numbers must lie under {len(self.labels)}")
        stream_steps, seconds = np.diff(self.stream), np.diff(self.second)
        if (stream_steps < 0).any() or (seconds[stream_steps == 0] <= 0).any():
            raise ValueError("rows must be ordered by stream, and by second within it")

    def __len__(self) -> int:
        return len(self.tops)


@dataclass(frozen=True, eq=False)
class ClassMix:
    """The predicted class of each picture.

    Attributes:
        scheme: of the classes.
        tops: int64 `(n,)`, class numbers.
    """

    scheme: LabelScheme
    tops: Ints


def columns_of_pictures(numbers: Mapping[str, Floats], mix: ClassMix | None = None) -> Columns:
    """Columns of measured pictures; each picture is a stream of its own.

    Args:
        numbers: name of a `Quantity` -> float `(n,)`; NaN where it was not measured.
        mix: predicted classes of the same pictures; None without predictions.
    Raises:
        ValueError: an unknown quantity, or columns of different lengths.

    Example:
        columns_of_pictures({"brightness": means, "blur": sharpness}, ClassMix(FER7, tops))
    """
    named = {Quantity(name): np.asarray(one, np.float64) for name, one in numbers.items()}
    rows = len(mix.tops) if mix is not None else len(next(iter(named.values()), ()))
    return Columns(
        numbers=MappingProxyType(named),
        tops=np.full(rows, NO_PREDICTION) if mix is None else np.asarray(mix.tops, np.int64),
        labels=() if mix is None else mix.scheme.labels,
        stream=np.arange(rows),
        second=np.zeros(rows, np.int64),
    )


def columns_of_timeline(timeline: Timeline) -> Columns:
    """Columns of the usable rows of a session: the first row of each face and second.

    Frames within a second are nearly identical and would overstate the sample size.
    """
    usable = timeline.where(timeline.usable)
    second = np.floor(usable.time_s).astype(np.int64)
    order = np.lexsort((second, usable.face_id))  # stable: keeps the first row of a second first
    face_id, second = usable.face_id[order], second[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (np.diff(face_id) != 0) | (np.diff(second) != 0)
    return _columns_of_rows(usable, order[is_first])


def concatenate(parts: Sequence[Columns]) -> Columns:
    """Concatenate the columns of several sessions; their streams stay separate.

    Raises:
        LabelSchemeMismatch: they were classified with different classes.
    """
    schemes = {part.labels for part in parts if part.labels}
    if len(schemes) > 1:
        raise LabelSchemeMismatch(
            f"The chosen sessions were classified with {len(schemes)} different sets of classes.",
            advice="Choose sessions whose models have the same classes.",
        )
    quantities = {quantity for part in parts for quantity in part.numbers}
    offsets = np.cumsum([0, *(part.stream.max(initial=-1) + 1 for part in parts)])
    streams = [part.stream + first for part, first in zip(parts, offsets[:-1], strict=True)]
    return Columns(
        numbers=MappingProxyType(
            {
                quantity: _floats([_number(part, quantity) for part in parts])
                for quantity in Quantity
                if quantity in quantities
            }
        ),
        tops=_ints([part.tops for part in parts]),
        labels=next(iter(schemes), ()),
        stream=_ints(streams),
        second=_ints([part.second for part in parts]),
    )


def without_labels(columns: Columns) -> Columns:
    """The columns without a model's predictions and confidence."""
    numbers = {**columns.numbers, Quantity.CONFIDENCE: np.full(len(columns), np.nan)}
    return replace(
        columns,
        numbers=MappingProxyType(numbers),
        tops=np.full(len(columns), NO_PREDICTION),
        labels=(),
    )


def _columns_of_rows(timeline: Timeline, rows: Ints) -> Columns:
    scores = timeline.scores[rows]
    predicted = np.asarray(np.isfinite(scores).all(axis=1))
    filled = np.where(predicted[:, None], scores, 0.0)
    numbers = {
        Quantity.BRIGHTNESS: timeline.brightness[rows],
        Quantity.BLUR: timeline.blur[rows],
        Quantity.FACE_PX: timeline.face_px[rows],
        Quantity.YAW: timeline.pose[rows, 0],
        Quantity.PITCH: timeline.pose[rows, 1],
        Quantity.ROLL: timeline.pose[rows, 2],
        Quantity.CONFIDENCE: np.where(predicted, filled.max(axis=1), np.nan),
    }
    return Columns(
        numbers=MappingProxyType(numbers),
        tops=np.where(predicted, filled.argmax(axis=1), NO_PREDICTION),
        labels=timeline.scheme.labels,
        stream=timeline.face_id[rows],
        second=np.floor(timeline.time_s[rows]).astype(np.int64),
    )


def _number(part: Columns, quantity: Quantity) -> Floats:
    return part.numbers.get(quantity, np.full(len(part), np.nan))


def _floats(columns: Sequence[Floats]) -> Floats:
    # The empty array makes this work without parts.
    return np.concatenate([np.zeros(0), *columns])


def _ints(columns: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *columns])
