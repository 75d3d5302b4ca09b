"""What is compared, as columns: from pictures, or from the timelines of sessions.

Which sessions a window, or a reference, is made of, and what of them can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.domain import LabelScheme, SourceKind, Timeline
from core.domain.counted import counted
from core.domain.errors import LabelSchemeMismatch
from core.drift.drift_report import Quantity
from core.drift.reference import DriftReference
from core.sessions import SessionEntry

NOT_JUDGED = -1
"""In `Columns.tops`: no model judged this face."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Columns:
    """One row a face: of a picture, or of a second of a session.

    Attributes:
        numbers: quantity -> float64 `(n,)`; NaN where it was not measured.
        tops: int64 `(n,)`, class number of the highest score, or `NOT_JUDGED`.
        labels: names of the classes; empty where no model judged.
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
        if rows and not NOT_JUDGED <= self.tops.min() <= self.tops.max() < len(self.labels):
            raise ValueError(f"class numbers must lie under {len(self.labels)}")
        steps, seconds = np.diff(self.stream), np.diff(self.second)
        if (steps < 0).any() or (seconds[steps == 0] <= 0).any():
            raise ValueError("rows must be ordered by stream, and by second within it")

    def __len__(self) -> int:
        return len(self.tops)


@dataclass(frozen=True, eq=False)
class ClassMix:
    """Which label scored highest on each picture.

    Attributes:
        scheme: names the labels.
        tops: int64 `(n,)`, class numbers.
    """

    scheme: LabelScheme
    tops: Ints


def columns_of_pictures(numbers: Mapping[str, Floats], mix: ClassMix | None = None) -> Columns:
    """Measured pictures as columns. Each picture stands for itself.

    Args:
        numbers: name of a `Quantity` -> float `(n,)`; NaN where it was not measured.
        mix: the model's top labels on the same pictures; None where no model judged.
    Raises:
        ValueError: a name that is no quantity, or columns of different lengths.

    Example:
        columns_of_pictures({"brightness": means, "blur": sharpness}, ClassMix(FER7, tops))
    """
    named = {Quantity(name): np.asarray(one, np.float64) for name, one in numbers.items()}
    rows = len(mix.tops) if mix is not None else len(next(iter(named.values()), ()))
    return Columns(
        numbers=MappingProxyType(named),
        tops=np.full(rows, NOT_JUDGED) if mix is None else np.asarray(mix.tops, np.int64),
        labels=() if mix is None else mix.scheme.labels,
        stream=np.arange(rows),
        second=np.zeros(rows, np.int64),
    )


def columns_of_timeline(timeline: Timeline) -> Columns:
    """Usable rows of a session, at most one a face a second: the first of each.

    Frames of one second show nearly the same picture; counted one by one they would pass for more
    evidence than they are.
    """
    usable = timeline.where(timeline.usable)
    second = np.floor(usable.time_s).astype(np.int64)
    order = np.lexsort((second, usable.face_id))  # stable: of one second the first row leads
    face_id, second = usable.face_id[order], second[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (np.diff(face_id) != 0) | (np.diff(second) != 0)
    return _columns_of_rows(usable, order[is_first])


def joined(parts: Sequence[Columns]) -> Columns:
    """Several sessions' columns one after the other; their faces stay apart.

    Raises:
        LabelSchemeMismatch: they were judged with different labels.
    """
    schemes = {part.labels for part in parts if part.labels}
    if len(schemes) > 1:
        raise LabelSchemeMismatch(
            f"The chosen sessions were judged with {len(schemes)} different sets of labels.",
            advice="Choose sessions whose models name the same expressions.",
        )
    quantities = {quantity for part in parts for quantity in part.numbers}
    beyond = np.cumsum([0, *(part.stream.max(initial=-1) + 1 for part in parts)])
    streams = [part.stream + first for part, first in zip(parts, beyond[:-1], strict=True)]
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
    """The same without what a model answered: neither labels nor confidence."""
    numbers = {**columns.numbers, Quantity.CONFIDENCE: np.full(len(columns), np.nan)}
    return replace(
        columns,
        numbers=MappingProxyType(numbers),
        tops=np.full(len(columns), NOT_JUDGED),
        labels=(),
    )


def _columns_of_rows(timeline: Timeline, rows: Ints) -> Columns:
    scores = timeline.scores[rows]
    judged = np.asarray(np.isfinite(scores).all(axis=1))
    safe = np.where(judged[:, None], scores, 0.0)
    numbers = {
        Quantity.BRIGHTNESS: timeline.brightness[rows],
        Quantity.BLUR: timeline.blur[rows],
        Quantity.FACE_PX: timeline.face_px[rows],
        Quantity.YAW: timeline.pose[rows, 0],
        Quantity.PITCH: timeline.pose[rows, 1],
        Quantity.ROLL: timeline.pose[rows, 2],
        Quantity.CONFIDENCE: np.where(judged, safe.max(axis=1), np.nan),
    }
    return Columns(
        numbers=MappingProxyType(numbers),
        tops=np.where(judged, safe.argmax(axis=1), NOT_JUDGED),
        labels=timeline.scheme.labels,
        stream=timeline.face_id[rows],
        second=np.floor(timeline.time_s[rows]).astype(np.int64),
    )


def _number(part: Columns, quantity: Quantity) -> Floats:
    return part.numbers.get(quantity, np.full(len(part), np.nan))


def _floats(columns: Sequence[Floats]) -> Floats:
    # Without a part there is nothing to chain, and an empty column is the answer.
    return np.concatenate([np.zeros(0), *columns])


def _ints(columns: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *columns])


@dataclass(frozen=True, eq=False)
class SessionColumns:
    """One session's columns.

    Attributes:
        model: the model that read it, by name.
        columns: as `columns_of_timeline` answers.
    """

    model: str
    columns: Columns


@dataclass(frozen=True, eq=False)
class Window:
    """Sessions as they can be compared.

    Attributes:
        columns: of all of them; labels and confidence of one model only.
        left_out: models whose labels and confidence are not in it, by name, in order.
    """

    columns: Columns
    left_out: tuple[str, ...] = ()


def window_of(parts: Sequence[SessionColumns], reference: DriftReference) -> Window:
    """Sessions as they are compared with a reference.

    Light, size and pose are compared whoever read the faces. Labels and confidence are those of one
    model: another one's would pass for drift. A reference that does not say whose it holds (of an
    earlier version) is compared with every model that names the same labels.
    """
    known = () if reference.mix is None else reference.mix.labels

    def fits(part: SessionColumns) -> bool:
        if reference.model:
            return part.model == reference.model
        return not known or part.columns.labels == known

    return _window(parts, {one.model for one in parts if fits(one)})


def window_of_main_model(parts: Sequence[SessionColumns]) -> tuple[str, Window]:
    """Sessions as a reference is made of them, and the model whose labels and confidence it holds.

    It is the one that read the most seconds of faces; empty without any.
    """
    seconds: Counter[str] = Counter()
    for part in parts:
        seconds[part.model] += len(part.columns)
    model = seconds.most_common(1)[0][0] if seconds else ""
    return model, _window(parts, {model})


def _window(parts: Sequence[SessionColumns], models: Collection[str]) -> Window:
    # One name may have stood for models of different labels: the first ones seen are kept.
    labels = next((one.columns.labels for one in parts if one.model in models), ())
    kept = [one.model in models and one.columns.labels == labels for one in parts]
    columns = [
        one.columns if is_kept else without_labels(one.columns)
        for one, is_kept in zip(parts, kept, strict=True)
    ]
    others = {one.model for one, is_kept in zip(parts, kept, strict=True) if not is_kept}
    return Window(joined(columns), tuple(sorted(others)))


def newest_session(
    entries: Sequence[SessionEntry], *, other_than: Collection[str] = ()
) -> list[SessionEntry]:
    """The newest session that is not among those named; the newest of all where every one is.

    Args:
        entries: newest first, as `SessionStore.sessions` answers.
        other_than: ids of sessions, such as those of a reference.
    """
    others = [entry for entry in entries if entry.session.id not in other_than]
    return (others or list(entries))[:1]


def sessions_of_days(
    entries: Sequence[SessionEntry], *, days: int, now: datetime
) -> list[SessionEntry]:
    """The sessions that began within the last days."""
    return [one for one in entries if one.session.began_at >= now - timedelta(days=days)]


WATCHED_DAYS = 7
"""How far back a notice looks: drift is what lasts, and one session is one room and one light."""

MOST_WATCHED = 20
"""Sessions that a notice looks at: it is drawn on pages that must answer at once."""


def watched_sessions(entries: Sequence[SessionEntry], *, now: datetime) -> list[SessionEntry]:
    """What a notice looks at: ended sessions of the last days that the newest one's model read.

    Args:
        entries: newest first. Sessions made by code count as nobody's, and running ones still
            grow.
    """
    ended = [
        one
        for one in sessions_of_days(entries, days=WATCHED_DAYS, now=now)
        if one.session.source is not SourceKind.DEMO and one.rows and not one.is_live(now)
    ]
    return [one for one in ended if one.session.card_name == ended[0].session.card_name][
        :MOST_WATCHED
    ]


def source_of(entries: Sequence[SessionEntry], columns: Columns) -> str:
    """One sentence on what a reference of these sessions comes from; days are UTC's."""
    days = sorted(entry.session.began_at.astimezone(UTC).date() for entry in entries)
    if days[0] == days[-1]:
        when = f"of {days[0]:%d %b %Y}"
    else:
        when = f"from {days[0]:%d %b %Y} to {days[-1]:%d %b %Y}"
    count = counted(len(entries), "session")
    return f"{count} {when}, {len(columns):,} seconds of faces."
