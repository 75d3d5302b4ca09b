"""Sessions as tables in the columns of other programs: Py-Feat, OpenFace, BORIS.

What Mien does not measure (action units, gaze, 68 landmarks) is empty, never estimated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from core.domain import NO_FACE_ID, SourceKind
from core.sessions.exporters.clock_times import clock_times
from core.sessions.exporters.csv_file import csv_cell
from core.sessions.exporters.csv_text import csv_text
from core.sessions.exporters.export_source import ExportBatch, ExportSource
from core.sessions.exporters.export_tables import PAUSE, intervals_table

if TYPE_CHECKING:
    import pandas as pd

FEX_EMOTIONS = {
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprise": "surprise",
    "neutral": "neutral",
}
"""Emotion columns of Py-Feat -> label of FER7."""

_LANDMARKS = [f"{axis}_{at}" for axis in "xy" for at in range(68)]
_FEX_UNITS = (*(1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43),)
FEX_COLUMNS = (
    *("frame", "approx_time", "FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight"),
    *("FaceScore", "Pitch", "Roll", "Yaw", *_LANDMARKS),
    *(f"AU{unit:02}" for unit in _FEX_UNITS),
    *(*FEX_EMOTIONS, "Identity", "input"),
)
"""Of Fex in Py-Feat (feat/utils/__init__.py: time, face box, pose, landmarks, emotions)."""

_GAZE = [
    *(f"gaze_{eye}_{axis}" for eye in (0, 1) for axis in "xyz"),
    *("gaze_angle_x", "gaze_angle_y"),
]
_OPENFACE_UNITS = (*(1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26),)
OPENFACE_COLUMNS = (
    *("frame", "face_id", "timestamp", "confidence", "success", *_GAZE),
    *("pose_Tx", "pose_Ty", "pose_Tz", "pose_Rx", "pose_Ry", "pose_Rz"),
    *(f"AU{unit:02}_r" for unit in (*_OPENFACE_UNITS, 45)),
    *(f"AU{unit:02}_c" for unit in (*_OPENFACE_UNITS, 28, 45)),
    "session_id",
)
"""Of OpenFace 2 (wiki page "Output Format"), without landmarks, and the session."""

BORIS_COLUMNS = (
    *("Observation id", "Observation date", "Description", "Observation duration"),
    *("Observation type", "Source", "Time offset (s)", "Media duration (s)", "FPS", "Subject"),
    *("Behavior", "Behavioral category", "Behavior type", "Time", "Media file name"),
    *("Image index", "Image file path", "Comment"),
)
"""Of "Export tabular events" in BORIS (boris/export_observation.py)."""

_NA = "NA"


def write_fex(batch: ExportBatch, out: BinaryIO) -> None:
    """A row a face a frame in the columns of Py-Feat's Fex; angles in radians."""
    _write(batch, out, FEX_COLUMNS, _fex)


def _fex(source: ExportSource) -> dict[str, Any]:
    rows = source.timeline.where(source.timeline.face_id != NO_FACE_ID)
    angles = np.radians(rows.pose).round(6)
    scores = dict(zip(rows.scheme.labels, rows.scores.T, strict=True))
    return {
        "frame": rows.frame_index,
        "approx_time": [f"{int(at // 60):02}:{int(at % 60):02}" for at in rows.time_s.tolist()],
        "FaceRectX": rows.box[:, 0],
        "FaceRectY": rows.box[:, 1],
        "FaceRectWidth": rows.box[:, 2] - rows.box[:, 0],
        "FaceRectHeight": rows.box[:, 3] - rows.box[:, 1],
        "FaceScore": rows.confidence,
        "Pitch": angles[:, 1],
        "Roll": angles[:, 2],
        "Yaw": angles[:, 0],
        **{name: scores[label] for name, label in FEX_EMOTIONS.items() if label in scores},
        "Identity": [f"Person_{face}" for face in rows.face_id.tolist()],
        "input": np.full(len(rows), source.session.id, dtype=object),
    }


def write_openface(batch: ExportBatch, out: BinaryIO) -> None:
    """A row a face a frame in the columns of OpenFace; frames count from 1, faces from 0.

    Its axes: x to the right of the picture, y down, z away from the camera; angles in radians with
    left-handed positive sign, so that looking down, turning to the picture's left and tilting
    clockwise are positive.
    """
    _write(batch, out, OPENFACE_COLUMNS, _openface)


def _openface(source: ExportSource) -> dict[str, Any]:
    rows = source.timeline
    is_there = rows.face_id != NO_FACE_ID
    yaw, pitch, roll = np.radians(rows.pose).round(6).T
    return {
        "frame": rows.frame_index + 1,
        "face_id": np.where(is_there, rows.face_id - 1, 0),
        "timestamp": rows.time_s,
        "confidence": np.where(is_there, rows.confidence, 0.0),
        "success": rows.usable.astype(np.int64),
        "pose_Rx": -pitch + 0.0,
        "pose_Ry": -yaw + 0.0,
        "pose_Rz": roll,
        "session_id": np.full(len(rows), source.session.id, dtype=object),
    }


def write_boris(batch: ExportBatch, out: BinaryIO) -> None:
    """Tabular events of BORIS: START and STOP of every interval, POINT for every mark."""
    _write(batch, out, BORIS_COLUMNS, _boris)


def _boris(source: ExportSource) -> dict[str, Any]:
    intervals = intervals_table(source)
    intervals = intervals[intervals["kind"] != PAUSE]
    found: list[tuple[Any, ...]] = [
        (time_s, _subject(one), one.label or one.kind, one.kind, kind)
        for one in intervals.itertuples()
        for kind, time_s in (("START", one.begins_s), ("STOP", one.ends_s))
    ]
    found += [
        (one.time_s, "", csv_cell(one.words), one.kind.value, "POINT")
        for one in source.timeline.events
    ]
    found.sort(key=lambda one: one[0])
    times, subjects, behaviors, categories, kinds = zip(*found, strict=True) if found else [()] * 5
    is_file = source.session.source in {SourceKind.RECORDING, SourceKind.PICTURE}
    media = csv_cell(source.session.title) if is_file else _NA
    lasts_s = float(np.ptp(source.timeline.time_s)) if len(source.timeline) else 0.0
    same = {
        "Observation id": source.session.id,
        "Observation date": _date(source),
        "Observation duration": round(lasts_s, 3),
        "Observation type": "Media file(s)" if is_file else "Live observation",
        "Source": f"player #1:{media}" if is_file else _NA,
        "Time offset (s)": 0.0,
        "Media duration (s)": _NA,
        "FPS": _NA,
        "Media file name": media,
        "Image index": _NA,
        "Image file path": _NA,
    }
    return {
        **{name: np.full(len(times), value, dtype=object) for name, value in same.items()},
        "Subject": subjects,
        "Behavior": behaviors,
        "Behavioral category": categories,
        "Behavior type": kinds,
        "Time": times,
    }


def _subject(interval: Any) -> str:
    """Whose it is: the person, or the face."""
    is_of_face = str(interval.face_id).isdigit()  # missing ones are NA
    return interval.person or (f"face {interval.face_id}" if is_of_face else "")


def _date(source: ExportSource) -> str:
    if not source.has_clock:
        return ""
    return str(clock_times(source.session, [0.0])[0]).replace("T", " ")[:19]


def _write(
    batch: ExportBatch,
    out: BinaryIO,
    columns: tuple[str, ...],
    columns_of: Callable[[ExportSource], dict[str, Any]],
) -> None:
    """UTF-8 without a byte-order mark: these programs take it for a part of the first name."""
    import pandas as pd

    has_header = False
    for source in batch.sources:
        table: pd.DataFrame = pd.DataFrame(columns_of(source)).reindex(columns=list(columns))
        text = csv_text(table)
        out.write((text.split("\n", 1)[1] if has_header else text).encode())
        has_header = True
