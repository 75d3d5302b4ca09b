"""Databases as the program of version 1 wrote them, made by plain SQL."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import create_engine, text

from core.settings import PROJECT_DIR

TABLES = PROJECT_DIR / "tests" / "golden" / "sessions_version_1_tables.sql"
FINISHED, CUT_OFF, EMPTY = "2026-11-21-1200-calm-otter", "2026-11-21-1300-fox", "2026-11-21-1400"
_AT_ONCE = 5000


@dataclass(frozen=True)
class Written:
    """What stands in the database.

    Attributes:
        rows: session -> its rows in time order, a dictionary of columns each.
        shapes: session -> for each row, 52 thousandths, or None.
        pauses: session -> (time, seconds) of each.
    """

    rows: dict[str, list[dict[str, Any]]]
    shapes: dict[str, list[list[int] | None]]
    pauses: dict[str, list[tuple[float, float]]]


def write(url: str, *, rows: int, seed: int = 5) -> Written:
    """Three sessions: one that ended with two thirds of the rows, one cut off, one without rows."""
    rng = np.random.default_rng(seed)
    many = {FINISHED: rows * 2 // 3, CUT_OFF: rows - rows * 2 // 3, EMPTY: 0}
    written = Written(
        {name: [_row(name, at, rng) for at in range(count)] for name, count in many.items()},
        {name: [_shapes(at, rng) for at in range(count)] for name, count in many.items()},
        {FINISHED: [(0.5, 12.25), (1.0, 1 / 3)], CUT_OFF: [], EMPTY: []},
    )
    engine = create_engine(url)
    with engine.begin() as connection:
        statements = TABLES.read_text(encoding="utf-8")
        if engine.dialect.name == "postgresql":  # SQLite numbers rows by itself
            statements = statements.replace("row_id INTEGER NOT NULL", "row_id BIGSERIAL NOT NULL")
        for statement in filter(str.strip, statements.split(";\n")):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO schema_version VALUES (1)")
        _put(connection, "sessions", [_session(name) for name in many])
        labels = [{"session_id": CUT_OFF, "labels": json.dumps(["open", "closed"])}]
        _put(connection, "session_labels", labels)
        shown = [{"session_id": FINISHED, "not_sure_below": 0.1 + 0.2}]
        _put(connection, "session_thresholds", shown)
        _put_rows(connection, written)
    engine.dispose()
    return written


def _put_rows(connection: Any, written: Written) -> None:
    number, beside = 0, []
    for name, rows in written.rows.items():
        for row, shapes in zip(rows, written.shapes[name], strict=True):
            number += 1
            row["row_id"] = number
            if shapes is not None:
                beside.append({"row_id": number, "thousandths": json.dumps(shapes)})
        _put(connection, "observations", rows)
    _put(connection, "observation_blendshapes", beside)
    for name, pauses in written.pauses.items():
        ended = [{"session_id": name, "time_s": at, "paused_s": for_s} for at, for_s in pauses]
        _put(connection, "session_pauses", ended)


def _put(connection: Any, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = ", ".join(rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    wanted = text(f"INSERT INTO {table} ({names}) VALUES ({values})")
    for first in range(0, len(rows), _AT_ONCE):
        connection.execute(wanted, rows[first : first + _AT_ONCE])


def _session(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "source": "camera",
        "title": f"Müller's «{name}»",
        "card_name": "small",
        "scheme_name": "own-1a2b3c4d" if name == CUT_OFF else "fer7",
        "began_at": "2026-11-21T12:00:00+00:00",
        "ended_at": "2026-11-21T13:00:00.250000+00:00" if name == FINISHED else None,
        "purpose": "self-practice",
        "consent_at": "2026-11-21T11:59:00+00:00",
        "last_write_at": "2026-11-21T13:00:00+00:00",
    }


def _row(name: str, at: int, rng: np.random.Generator) -> dict[str, Any]:
    """Two faces in most moments, nobody in every eleventh; numbers with all their digits."""
    moment, face = divmod(at, 2)
    nobody, judged = moment % 11 == 10, at % 5 != 0
    classes = 2 if name == CUT_OFF else 7
    number = iter(rng.random(12).tolist())
    numbers = ("box_left", "box_top", "box_right", "box_bottom", "confidence", "brightness")
    numbers += ("blur", "face_px", "yaw", "roll", "eyes_open")
    return {
        "session_id": name,
        "time_s": moment / 30,
        "frame_index": moment * 2 + (face if nobody else 0),
        "face_id": 0 if nobody else face + 1,
        **{column: None if nobody else 100 * next(number) for column in numbers},
        "pitch": None if nobody or at % 7 == 0 else -next(number),
        "usable": judged and not nobody,
        "reason": "no_face" if nobody else "" if judged else "too_dark",
        "scores": None if nobody or not judged else json.dumps(rng.random(classes).tolist()),
        "steady": None if nobody or not judged else json.dumps(rng.random(classes).tolist()),
        "latency_ms": None if at % 13 == 0 else 9 + rng.random(),
        "event": "question; =1+1" if moment == 7 else "",
    }


def _shapes(at: int, rng: np.random.Generator) -> list[int] | None:
    return None if at % 3 == 0 else rng.integers(0, 1001, 52).tolist()
