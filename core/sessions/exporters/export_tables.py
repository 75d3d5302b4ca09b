"""The four tables that every export is made of: rows, seconds, intervals and events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.domain import NO_FACE_ID, Timeline
from core.measures import MEASURES, Bins, Part, stretches
from core.sessions.exporters.binned_columns import averaged_columns, binned_columns
from core.sessions.exporters.clock_times import clock_text_of, clock_times
from core.sessions.exporters.codebook_measures import Row
from core.sessions.exporters.csv_file import csv_cell, session_table
from core.sessions.exporters.export_source import ExportSource

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

SHOWN, PAUSE = "shown", "pause"
"""Kinds of intervals beside those of segments and `HOLDS`: what was shown of a face, a pause."""

HOLDS = "measure"
"""The kind of an interval in which a measure holds."""

INTERVALS = (
    *("session_id", "kind", "label", "person", "face_id", "begins_s", "ends_s", "duration_s"),
    *("begins_utc", "ends_utc"),
)
EVENTS = ("session_id", "t_s", "t_utc", "kind", "words")


def rows_table(source: ExportSource) -> pd.DataFrame:
    """A row a face a frame: the columns of the session file (`codebook_rows`)."""
    table = session_table(source.session, source.timeline, source.derived)
    return table if source.has_clock else table.assign(t_utc="")


def seconds_table(source: ExportSource) -> pd.DataFrame:
    """A row a face a bin: means over its measured seconds, as on screen; empty where not measured.

    Frames without a face are a row without a face's number, in which only time was measured.
    """
    import pandas as pd

    rows = rows_table(source)
    names = averaged_columns(rows.columns)
    values = rows[names].to_numpy(dtype=np.float64)
    parts = [_bins_of_face(source, face_id, names, values) for face_id in _faces(source.timeline)]
    if not parts:
        return pd.DataFrame(columns=binned_columns(rows.columns))
    table = pd.concat(parts, ignore_index=True).sort_values(["t_s", "face_id"], kind="stable")
    table["face_id"] = table["face_id"].astype("Int64").mask(table["face_id"] == NO_FACE_ID)
    table["t_utc"] = _clock(source, table["t_s"].to_numpy())
    return table[binned_columns(rows.columns)].reset_index(drop=True)


def _faces(timeline: Timeline) -> list[int]:
    return [int(one) for one in np.unique(timeline.face_id)]


def _bins_of_face(
    source: ExportSource, face_id: int, names: list[str], values: Floats
) -> pd.DataFrame:
    import pandas as pd

    own = source.timeline.face_id == face_id
    rows = source.timeline.where(own)
    bins = Bins.of_face(rows, source.bin_s)
    means = bins.means(np.column_stack([rows.usable.astype(np.float64), values[own]])).round(6)
    begins_s = (bins.numbers * source.bin_s).round(6)
    first = {
        "session_id": np.full(len(begins_s), source.session.id, dtype=object),
        "person": csv_cell(source.people.get(face_id, "")),
        "face_id": face_id,
        "t_s": begins_s,
        "measured_s": bins.seconds.round(6),
        "usable": means[:, 0] if face_id != NO_FACE_ID else np.nan,
        "shown": _most_shown(bins, source.derived.shown[own]),
    }
    return pd.concat([pd.DataFrame(first), pd.DataFrame(means[:, 1:], columns=names)], axis=1)


def _most_shown(bins: Bins, shown: NDArray[np.str_]) -> list[str]:
    """The label with most seconds of each bin, the first of ties; empty for none."""
    labels = [label for label in dict.fromkeys(shown.tolist()) if label]
    if not labels:
        return [""] * len(bins.numbers)
    shares = bins.means(np.stack([shown == label for label in labels], axis=1).astype(np.float64))
    best = shares.argmax(axis=1)
    return [
        csv_cell(labels[at]) if share > 0 else ""
        for at, share in zip(best.tolist(), shares.max(axis=1).tolist(), strict=True)
    ]


def intervals_table(source: ExportSource) -> pd.DataFrame:
    """Segments, pauses, what was shown, and where a measure holds, in time order."""
    import pandas as pd

    found: list[Interval] = [*_segments(source), *_pauses(source)]
    for face_id in source.timeline.face_ids:
        found += _of_face(source, face_id)
    found.sort(key=lambda one: one[3:5])
    table = pd.DataFrame(
        found,
        columns=["kind", "label", "face_id", "begins_s", "ends_s", "paused_s"],
    )
    begins, ends = (table[name].to_numpy(np.float64) for name in ("begins_s", "ends_s"))
    paused = table["paused_s"].to_numpy(np.float64)
    table["session_id"] = source.session.id
    table["duration_s"] = (ends - begins + paused).round(6)
    table["begins_s"], table["ends_s"] = begins.round(6), ends.round(6)
    table["begins_utc"] = _clock(source, begins, minus_s=paused)
    table["ends_utc"] = _clock(source, ends)
    table["person"] = [
        "" if pd.isna(one) else csv_cell(source.people.get(int(one), ""))
        for one in table["face_id"]
    ]
    table["face_id"] = table["face_id"].astype("Int64")
    return table[list(INTERVALS)]


Interval = tuple[str, str, int | None, float, float, float]
"""Kind, label, face, begin, end, and the pause within it in seconds."""


def _segments(source: ExportSource) -> Iterator[Interval]:
    times = source.timeline.time_s
    last_s = float(times[-1]) if len(times) else 0.0
    for one in source.segments:
        ends_s = max(one.begins_s, last_s) if one.ends_s is None else one.ends_s
        yield one.kind.value, csv_cell(one.prompt), None, one.begins_s, ends_s, 0.0


def _pauses(source: ExportSource) -> Iterator[Interval]:
    for time_s, paused_s in source.session.pauses:
        yield PAUSE, PAUSE, None, time_s, time_s, paused_s


def _of_face(source: ExportSource, face_id: int) -> Iterator[Interval]:
    own = source.timeline.face_id == face_id
    rows, shown = source.timeline.where(own), source.derived.shown[own]
    for label in sorted({*shown.tolist()} - {""}):
        for begins_s, ends_s in stretches(rows, shown == label):
            yield SHOWN, csv_cell(label), face_id, begins_s, ends_s, 0.0
    for part in state_parts():
        holds = source.derived.measures[part.column][own] == 1
        for begins_s, ends_s in stretches(rows, holds):
            yield HOLDS, part.column, face_id, begins_s, ends_s, 0.0


def state_parts() -> list[Part]:
    """The parts of measures that hold or do not, and are columns of the file."""
    return [
        part
        for measure in MEASURES.values()
        for part in measure.parts
        if part.column and part.range == "0, 1"
    ]


def events_table(source: ExportSource) -> pd.DataFrame:
    """Marks and ends of pauses, in time order."""
    import pandas as pd

    events = source.timeline.events
    times = np.array([one.time_s for one in events], dtype=np.float64)
    columns: dict[str, Any] = {
        "session_id": np.full(len(events), source.session.id, dtype=object),
        "t_s": times,
        "t_utc": _clock(source, times),
        "kind": [one.kind.value for one in events],
        "words": [csv_cell(one.words) for one in events],
    }
    return pd.DataFrame(columns)[list(EVENTS)]


def _clock(
    source: ExportSource,
    times_s: NDArray[np.float64],
    *,
    minus_s: NDArray[np.float64] | float = 0.0,
) -> NDArray[Any]:
    if not source.has_clock:
        return np.full(len(times_s), "", dtype=object)
    before = np.rint(np.asarray(minus_s, dtype=np.float64) * 1e3).astype("timedelta64[ms]")
    return clock_text_of(clock_times(source.session, times_s) - before)


TABLES: Mapping[str, Callable[[ExportSource], pd.DataFrame]] = {
    "rows": rows_table,
    "seconds": seconds_table,
    "intervals": intervals_table,
    "events": events_table,
}
"""Name -> what makes the table of one session."""


def table_columns(name: str, codebook: tuple[Row, ...]) -> list[str]:
    """The columns of a table, for the codebook of the table of rows."""
    rows = [row[0] for row in codebook]
    of_others = {"seconds": binned_columns(rows), "intervals": [*INTERVALS], "events": [*EVENTS]}
    return of_others.get(name, rows)
