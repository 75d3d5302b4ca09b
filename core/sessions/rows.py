"""Between moments, table rows and timelines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    BLENDSHAPE_STEPS,
    BLENDSHAPES,
    NOBODY,
    SCHEMES,
    LabelScheme,
    Moment,
    Observation,
    RejectReason,
    Session,
    Timeline,
)
from core.domain.errors import StoreError

COLUMNS = (
    "time_s",
    "frame_index",
    "face_id",
    "box_left",
    "box_top",
    "box_right",
    "box_bottom",
    "confidence",
    "usable",
    "reason",
    "brightness",
    "blur",
    "face_px",
    "yaw",
    "pitch",
    "roll",
    "eyes_open",
    "scores",
    "steady",
    "latency_ms",
    "event",
)
"""What is read back of a row, in this order."""

SHAPES = "thousandths"
"""What is read back after them, from the table beside."""

_ROWS_AT_ONCE = 10_000  # five million numbers as Python objects would take hundreds of megabytes


def rows_of(session_id: str, moments: Iterable[Moment]) -> list[dict[str, Any]]:
    """Table rows: one a face a moment; one for a moment in which nobody was seen.

    Each has an entry `SHAPES` beside the columns: text for the table beside, or None.
    """
    rows = []
    for moment in moments:
        for seen in moment.observations or (None,):
            common = {
                "session_id": session_id,
                "time_s": moment.time_s,
                "frame_index": moment.frame_index,
                "latency_ms": moment.latency_ms,
                "event": moment.event,
            }
            rows.append(common | (_NOBODY_THERE if seen is None else _face(seen)))
    return rows


def pauses_of(session_id: str, moments: Iterable[Moment]) -> list[dict[str, Any]]:
    """Table rows: one for each moment that ended a pause."""
    return [
        {"session_id": session_id, "time_s": moment.time_s, "paused_s": moment.paused_s}
        for moment in moments
        if moment.paused_s > 0
    ]


def timeline_of(scheme: LabelScheme, rows: Sequence[Sequence[Any]]) -> Timeline:
    """A timeline from rows with `COLUMNS` and `SHAPES`, in time order."""
    names = (*COLUMNS, SHAPES)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    get = {name: columns.get(name, ()) for name in names}
    classes = len(scheme)
    arrays = {
        "time_s": np.array(get["time_s"], dtype=np.float64),
        "frame_index": np.array(get["frame_index"], dtype=np.int64),
        "face_id": np.array(get["face_id"], dtype=np.int64),
        "box": _stacked(get, ("box_left", "box_top", "box_right", "box_bottom")),
        "usable": np.array(get["usable"], dtype=np.bool_),
        "reason": np.array(get["reason"], dtype=np.str_),
        "pose": _stacked(get, ("yaw", "pitch", "roll")),
        "blendshapes": _shapes(get[SHAPES]),
        "scores": _lists(get["scores"], classes),
        "steady": _lists(get["steady"], classes),
        "event": np.array(get["event"], dtype=np.str_),
    }
    plain = {field.name for field in fields(Timeline)} - set(arrays) - {"scheme"}
    return Timeline(scheme=scheme, **arrays, **{name: _numbers(get[name]) for name in plain})


def scheme_of(session: Session) -> LabelScheme:
    """The classes of a session's scores.

    Raises:
        StoreError: they are those of a newer Mien.
    """
    if session.scheme_name in SCHEMES:
        return SCHEMES[session.scheme_name]
    if session.labels:
        return LabelScheme(session.scheme_name, session.labels)
    raise StoreError(
        f"The session {session.id} uses the labels {session.scheme_name}, unknown to this Mien.",
        advice="Update Mien to read it.",
    )


_NOBODY_THERE: dict[str, Any] = dict.fromkeys(
    (
        *("box_left", "box_top", "box_right", "box_bottom", "confidence", "brightness", "blur"),
        *("face_px", "yaw", "pitch", "roll", "eyes_open", "scores", "steady", SHAPES),
    )
) | {"face_id": NOBODY, "usable": False, "reason": RejectReason.NO_FACE.value}


def _face(seen: Observation) -> dict[str, Any]:
    pose, quality = seen.pose, seen.quality
    return {
        "face_id": seen.track_id,
        "box_left": seen.box.left,
        "box_top": seen.box.top,
        "box_right": seen.box.right,
        "box_bottom": seen.box.bottom,
        "confidence": seen.confidence,
        "usable": quality.usable,
        "reason": "" if quality.reason is None else quality.reason.value,
        "brightness": quality.brightness,
        "blur": quality.blur,
        "face_px": quality.face_px,
        "yaw": None if pose is None else pose.yaw,
        "pitch": None if pose is None else pose.pitch,
        "roll": None if pose is None else pose.roll,
        "eyes_open": seen.eyes_open,
        "scores": None if seen.scores is None else json.dumps(seen.scores.values.tolist()),
        "steady": None if seen.steady is None else json.dumps(seen.steady.values.tolist()),
        SHAPES: None if seen.blendshapes is None else _thousandths(seen.blendshapes),
    }


def _thousandths(shapes: NDArray[np.float32]) -> str:
    steps = np.rint(shapes * BLENDSHAPE_STEPS).astype(np.int64).tolist()
    return json.dumps(steps, separators=(",", ":"))


def _numbers(column: Sequence[Any]) -> Any:
    return np.array(column, dtype=np.float64)  # None becomes NaN


def _stacked(get: Mapping[str, Sequence[Any]], names: tuple[str, ...]) -> Any:
    return np.stack([_numbers(get[name]) for name in names], axis=1)


def _shapes(column: Sequence[str | None]) -> Any:
    shapes = np.full((len(column), len(BLENDSHAPES)), np.nan, dtype=np.float32)
    known = [row for row, one in enumerate(column) if one is not None]
    for first in range(0, len(known), _ROWS_AT_ONCE):
        rows = known[first : first + _ROWS_AT_ONCE]
        steps = _lists([column[row] for row in rows], len(BLENDSHAPES))
        shapes[rows] = steps / BLENDSHAPE_STEPS
    return shapes


def _lists(column: Sequence[str | None], width: int) -> Any:
    """One JSON text for all rows: a hundred thousand small ones would take seconds."""
    empty = "[" + ",".join(["NaN"] * width) + "]"
    text = "[" + ",".join(empty if one is None else one for one in column) + "]"
    return np.array(json.loads(text), dtype=np.float64).reshape(-1, width)
