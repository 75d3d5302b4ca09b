"""A session as CSV and JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.domain import FER7, NO_FACE_ID, Event, LabelScheme, Session, Timeline
from core.sessions.exporters.binned_columns import TEXTS
from core.sessions.exporters.clock_times import clock_texts
from core.sessions.exporters.codebook import BOX_SIDES, ShownAs, codebook_rows
from core.sessions.exporters.codebook_appendix import archive_rows, summary_rows
from core.sessions.exporters.codebook_measures import (
    MEASURES_AFTER_EYES,
    MEASURES_BEFORE_EYES,
)
from core.storage.csv_injection import neutralise_formula, original

if TYPE_CHECKING:
    import pandas as pd

ENCODING = "utf-8-sig"  # with a byte-order mark, for Excel
LINE_COLUMNS = (
    *("session_id", "t_utc", "t_s", "frame", "face_id", "det_conf", "usable", "reject_reason"),
    *("shown", "yaw", "pitch", "roll", "facing", "eyes_open", "event"),
    *(f"box_{side}" for side in BOX_SIDES),
)
"""Columns of a row for other programs while a session runs, before its smoothed scores."""


@dataclass(frozen=True)
class DerivedColumns:
    """Columns derived from all rows of a session; each float64 `(n,)`, NaN where unknown.

    Attributes:
        measures: column -> values of each measure (`core.measures.measure_session`); texts say what
            they are relative to, or why they are empty.
        seconds: duration of each row.
        shown_as: the view of the session.
        shown: str `(n,)`, what was on screen; empty where a face was not usable.
        steady: label of `shown_as` -> its smoothed score.
        two: "confident" and "stressed" -> the score of the frame.
    """

    measures: Mapping[str, Any]
    seconds: Any
    shown_as: ShownAs
    shown: Any
    steady: Mapping[str, Any]
    two: Mapping[str, Any]


def codebook_bytes(scheme: LabelScheme, shown_as: ShownAs) -> bytes:
    """What each column means, with unit and range, and how each figure of the summary follows from
    the columns, as CSV.

    Args:
        scheme: the model's classes.
        shown_as: the view of the session.
    """
    import pandas as pd

    codebook = [*codebook_rows(scheme, shown_as), *summary_rows(), *archive_rows()]
    rows = [[csv_cell(cell) for cell in row] for row in codebook]
    table = pd.DataFrame(rows, columns=["column", "unit", "range", "meaning"])
    return table.to_csv(index=False, lineterminator="\n").encode(ENCODING)


def session_table(session: Session, timeline: Timeline, measured: DerivedColumns) -> pd.DataFrame:
    """The columns of the session file, in their order. Missing values are NaN."""
    import pandas as pd

    somebody = timeline.face_id != NO_FACE_ID
    columns: dict[str, Any] = {
        "session_id": np.full(len(timeline), session.id, dtype=object),
        "t_utc": clock_texts(session, timeline.time_s),
        "t_s": timeline.time_s,
        "frame": timeline.frame_index,
        "face_id": pd.array(np.where(somebody, timeline.face_id, 0), dtype="Int64"),
        "det_conf": timeline.confidence,
        "usable": timeline.usable,
        "reject_reason": timeline.reason,
        "brightness": timeline.brightness,
        "blur": timeline.blur,
        "face_px": timeline.face_px,
        "yaw": timeline.pose[:, 0],
        "pitch": timeline.pose[:, 1],
        "roll": timeline.pose[:, 2],
        **{f"p_{name}": timeline.scores[:, k] for k, name in enumerate(timeline.scheme.labels)},
        **_tops(timeline),
        "confident": measured.two.get("confident", np.nan),
        **{name: measured.measures[name] for name in MEASURES_BEFORE_EYES},
        "eyes_open": timeline.eyes_open,
        **{name: measured.measures[name] for name in MEASURES_AFTER_EYES},
        "latency_ms": timeline.latency_ms,
        "event": [csv_cell(text) for text in _marked(timeline, "; ", lambda one: one.words)],
        **_shown(timeline, measured),
        "event_s": _marked(timeline, " ", lambda one: str(round(one.time_s, 6))),
        "lip_gap": timeline.lip_gap,
        "label_shown": [csv_cell(str(label)) for label in timeline.shown],
        "eye": timeline.eye,
    }
    columns |= {name: one for name, one in measured.measures.items() if name not in columns}
    table = pd.DataFrame(columns)
    table.loc[~somebody, "face_id"] = pd.NA
    return table


def json_lines(session: Session, timeline: Timeline, measured: DerivedColumns) -> str:
    """Rows for another program: one JSON object a line, the columns of the file that need no other
    row (`LINE_COLUMNS`, smoothed scores). What is missing is null; texts are as they are.

    Args:
        timeline: any part of the session.
    """
    table = session_table(session, timeline, measured)
    scores = [name for name in table.columns if name.startswith("s_")]
    table = table[[*LINE_COLUMNS, *scores]]
    for column in ("event", "shown"):
        table[column] = table[column].map(original)
    return str(table.to_json(orient="records", lines=True, double_precision=6, force_ascii=False))


def read_csv(content: bytes, scheme: LabelScheme = FER7) -> pd.DataFrame:
    """The table of a CSV of the table of rows, with texts as they were before neutralising.

    Files of earlier versions have fewer columns; then so has the table.
    """
    import pandas as pd

    types: dict[str, Any] = dict.fromkeys(TEXTS, str) | {"face_id": "Int64", "usable": bool}
    types |= {f"p_{label}": "float64" for label in scheme.labels}
    table = pd.read_csv(
        io.BytesIO(content),
        dtype=types,
        keep_default_na=False,
        na_values={name: [""] for name in _number_columns(content)},
        encoding=ENCODING,
    )
    for column in {"event", "top1", "shown", "label_shown"} & set(table.columns):
        table[column] = table[column].map(original)
    return table


def _number_columns(content: bytes) -> list[str]:
    header = next(csv.reader([content.split(b"\n", 1)[0].decode(ENCODING)]))
    return [name for name in header if name not in {*TEXTS, "usable"}]


def _marked(
    timeline: Timeline, separator: str, text_of: Callable[[Event], str]
) -> NDArray[np.object_]:
    """Text `(n,)`: what is said of marks, on every row of the moment that they belong to."""
    texts = np.full(len(timeline), "", dtype=object)
    for row, events in timeline.event_rows.items():
        texts[timeline.time_s == timeline.time_s[row]] = separator.join(map(text_of, events))
    return texts


def _tops(timeline: Timeline) -> dict[str, Any]:
    """Label, score and entropy (nats) of each row's own, unsmoothed scores."""
    has_scores = ~np.isnan(timeline.scores[:, 0])
    scores = np.where(has_scores[:, None], timeline.scores, 1.0)
    names = np.array(timeline.scheme.labels)[scores.argmax(axis=1)]
    logs = np.log(np.where(scores > 0, scores, 1.0))
    return {
        "top1": [csv_cell(str(name)) for name in np.where(has_scores, names, "")],
        "top1_conf": np.where(has_scores, scores.max(axis=1), np.nan),
        "entropy": np.where(has_scores, -(scores * logs).sum(axis=1) + 0.0, np.nan),
    }


def _shown(timeline: Timeline, measured: DerivedColumns) -> dict[str, Any]:
    """What was on screen, and all it takes to work the summary out again."""
    own = {name: timeline.steady[:, at] for at, name in enumerate(timeline.scheme.labels)}
    return {
        "seconds": measured.seconds,
        "shown": [csv_cell(str(label)) for label in measured.shown],
        "stressed": measured.two.get("stressed", np.nan),
        **{f"s_{label}": scores for label, scores in {**own, **measured.steady}.items()},
        **{f"box_{side}": timeline.box[:, at] for at, side in enumerate(BOX_SIDES)},
    }


def csv_cell(text: str) -> str:
    """A text as a cell that no spreadsheet runs as a formula.

    A carriage return becomes a blank: CSV readers disagree whether it ends the row.
    """
    return neutralise_formula(text.replace("\r\n", "\n").replace("\r", " "))
