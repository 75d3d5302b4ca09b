"""Sessions that Mien exported: the table of rows as CSV or Parquet, and everything as JSON."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from core.domain import (
    BLENDSHAPES,
    NO_FACE_ID,
    SCHEMES,
    Event,
    EventKind,
    LabelScheme,
    Segment,
    SegmentKind,
    Session,
    SourceKind,
    Timeline,
)
from core.domain.plain_values import parse_json
from core.sessions.exporters.table_files import SESSIONS_KEY
from core.sessions.importers.imported_session import ImportedSession, column, timeline_from
from core.storage.csv_injection import original

if TYPE_CHECKING:
    import pandas as pd

_KEPT = ("title", "card_name", "scheme_name", "purpose", "not_sure_below")


def from_csv(content: bytes) -> Iterator[ImportedSession]:
    """Sessions of a CSV file of rows; marks are those on the rows."""
    import pandas as pd

    table = pd.read_csv(
        io.BytesIO(content), encoding="utf-8-sig", dtype=object, keep_default_na=False
    )
    yield from _sessions(table, {})


def from_parquet(content: bytes) -> Iterator[ImportedSession]:
    """Sessions of a Parquet file of rows, with blendshapes."""
    import pyarrow.parquet as parquet

    file = parquet.ParquetFile(io.BytesIO(content))
    facts = parse_json(file.metadata.metadata.get(SESSIONS_KEY, b"[]"))
    table = file.read(use_threads=False).to_pandas()
    yield from _sessions(table, {one["id"]: one for one in facts})


def from_json(content: bytes) -> Iterator[ImportedSession]:
    """Sessions of a JSON file, with marks and segments."""
    import pandas as pd

    for one in parse_json(content)["sessions"]:
        facts = one["session"]
        (made,) = _sessions(pd.DataFrame(one["rows"]), {facts["id"]: facts})
        timeline = replace(made.timeline, events=tuple(_events(one["events"])))
        yield replace(made, timeline=timeline, segments=tuple(_segments(one["intervals"])))


def _sessions(table: pd.DataFrame, facts: Mapping[str, Any]) -> Iterator[ImportedSession]:
    for session_id, rows in table.groupby("session_id", sort=False, observed=True):
        known = facts.get(str(session_id), {})
        scheme = _scheme(rows, known)
        timeline = _timeline(rows, scheme)
        session = _session(str(session_id), rows, scheme, known)
        yield ImportedSession(session, timeline)


def _scheme(rows: pd.DataFrame, known: Mapping[str, Any]) -> LabelScheme:
    labels = tuple(name[2:] for name in rows.columns if name.startswith("p_"))
    if known.get("labels"):
        labels = tuple(known["labels"])
    for scheme in SCHEMES.values():
        if scheme.labels == labels:
            return scheme
    return LabelScheme(str(known.get("scheme_name", "imported")), labels)


def _timeline(rows: pd.DataFrame, scheme: LabelScheme) -> Timeline:
    count, table = len(rows), {name: rows[name].to_numpy(dtype=object) for name in rows.columns}

    def numbers(name: str) -> Any:
        return column(table, name, count)

    def texts(name: str) -> Any:
        values = table.get(name, [""] * count)
        return np.array(["" if one is None or one != one else original(str(one)) for one in values])

    face_id = numbers("face_id")
    time_s, texts_of_marks, times_of_marks = numbers("t_s"), texts("event"), texts("event_s")
    usable = [str(one) in {"True", "1", "1.0"} for one in table["usable"]]
    made = timeline_from(
        scheme,
        time_s,
        frame_index=np.nan_to_num(numbers("frame")).astype(np.int64),
        face_id=np.where(np.isnan(face_id), NO_FACE_ID, face_id).astype(np.int64),
        usable=np.array(usable, dtype=np.bool_),
        reason=texts("reject_reason"),
        confidence=numbers("det_conf"),
        brightness=numbers("brightness"),
        blur=numbers("blur"),
        face_px=numbers("face_px"),
        eyes_open=numbers("eyes_open"),
        lip_gap=numbers("lip_gap"),
        latency_ms=numbers("latency_ms"),
        shown=texts("label_shown"),
        eye=texts("eye"),
        box=np.column_stack([numbers(f"box_{one}") for one in ("left", "top", "right", "bottom")]),
        pose=np.column_stack([numbers(name) for name in ("yaw", "pitch", "roll")]),
        scores=np.column_stack([numbers(f"p_{name}") for name in scheme.labels]),
        steady=np.column_stack([numbers(f"s_{name}") for name in scheme.labels]),
        blendshapes=np.column_stack([numbers(name) for name in BLENDSHAPES]),
    )
    return replace(made, events=tuple(_marks(texts_of_marks, times_of_marks)))


def _marks(words: Any, times_s: Any) -> Iterator[Event]:
    """Marks of a table of rows, each once; their kinds are not in it."""
    seen = {(times, text) for times, text in zip(times_s.tolist(), words.tolist(), strict=True)}
    for times, text in sorted(seen):
        parts = times.split()
        texts = text.split("; ", len(parts) - 1) if parts else []
        for time_s, one in zip(parts, texts, strict=False):
            yield Event(float(time_s), EventKind.MARK, one)


def _session(
    session_id: str, rows: pd.DataFrame, scheme: LabelScheme, known: Mapping[str, Any]
) -> Session:
    kept = {name: known[name] for name in _KEPT if known.get(name) is not None}
    times = {
        name: datetime.fromisoformat(known[name])
        for name in ("began_at", "ended_at", "consent_at")
        if known.get(name)
    }
    made = Session(
        **{
            "title": session_id,
            "card_name": "imported",
            "scheme_name": scheme.name,
            "began_at": _began_at(rows),
            **kept,
            **times,
        },
        id=session_id,
        source=SourceKind(known.get("source", SourceKind.RECORDING)),
        labels=scheme.labels,
        pauses=tuple((float(one), float(other)) for one, other in known.get("pauses", ())),
    )
    return replace(made, scheme_name=scheme.name)


def _began_at(rows: pd.DataFrame) -> datetime:
    """From the first row's time of day; without one, the first of all days."""
    first = rows.iloc[0]
    text = str(first.get("t_utc", ""))
    if not text or text in {"nan", "NaT", "None"}:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return datetime.fromisoformat(text) - timedelta(seconds=float(first["t_s"]))


def _events(table: Mapping[str, list[Any]]) -> Iterator[Event]:
    for time_s, kind, words in zip(table["t_s"], table["kind"], table["words"], strict=True):
        yield Event(time_s, EventKind(kind), original(words))


def _segments(table: Mapping[str, list[Any]]) -> Iterator[Segment]:
    columns = (table[name] for name in ("kind", "label", "begins_s", "ends_s"))
    for kind, label, begins_s, ends_s in zip(*columns, strict=True):
        if kind in set(SegmentKind):
            yield Segment(begins_s, ends_s, SegmentKind(kind), original(label))
