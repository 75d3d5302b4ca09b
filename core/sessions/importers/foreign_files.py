"""Tables of Py-Feat (Fex) and OpenFace as sessions: head pose, boxes, expressions where given.

Expressions are not smoothed: what is shown is that of each frame.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from core.domain import FER7, RejectReason, Session, SourceKind, Timeline
from core.sessions.exporters.foreign_tables import FEX_EMOTIONS
from core.sessions.importers.imported_session import (
    Floats,
    ImportedSession,
    column,
    timeline_from,
)

_BEGAN_AT = datetime(1970, 1, 1, tzinfo=UTC)  # these files have no time of day


def from_fex(table: Mapping[str, Any], name: str, fps: float) -> ImportedSession:
    """A session of a Fex table; time is the frame's number over the rate.

    Args:
        table: column -> its cells.
        fps: frames a second of the video.
    """
    rows = len(table["frame"])
    frame = column(table, "frame", rows)
    found = np.column_stack([column(table, one, rows) for one in FEX_EMOTIONS])
    order = [FER7.index(label) for label in FEX_EMOTIONS.values()]
    scores = np.full((rows, len(FER7)), np.nan)
    scores[:, order] = np.clip(found, 0.0, 1.0)
    left, top, width, height = (
        column(table, f"FaceRect{side}", rows) for side in ("X", "Y", "Width", "Height")
    )
    pose = np.degrees([column(table, one, rows) for one in ("Yaw", "Pitch", "Roll")]).T
    faces = [
        int((re.findall(r"\d+", str(one)) or ["1"])[-1])
        for one in table.get("Identity", [1] * rows)
    ]
    box = np.column_stack([left, top, left + width, top + height])
    usable = ~np.isnan(scores).any(axis=1)
    confidence = column(table, "FaceScore", rows)
    return _session(
        name,
        _rows(
            frame / fps,
            frame,
            np.maximum(faces, 1),
            usable,
            box=box,
            pose=pose,
            scores=scores,
            steady=scores,
            confidence=confidence,
        ),
    )


def from_openface(table: Mapping[str, Any], name: str) -> ImportedSession:
    """A session of an OpenFace table; it has no expressions, so none is shown."""
    rows = len(table["timestamp"])
    pitch, yaw, roll = (np.degrees(column(table, f"pose_R{axis}", rows)) for axis in "xyz")
    success = column(table, "success", rows) == 1
    sides = [
        np.column_stack([column(table, f"{axis}_{at}", rows) for at in range(68)]) for axis in "xy"
    ]
    box = np.column_stack(
        [*(one.min(axis=1) for one in sides), *(one.max(axis=1) for one in sides)]
    )
    face = np.nan_to_num(column(table, "face_id", rows)) + 1
    frame = np.maximum(np.nan_to_num(column(table, "frame", rows), nan=1.0) - 1, 0)
    confidence = np.clip(column(table, "confidence", rows), 0.0, 1.0)
    time_s = column(table, "timestamp", rows)
    return _session(
        name,
        _rows(
            time_s,
            frame,
            np.where(success, face, 0),
            success,
            box=box,
            pose=np.column_stack([-yaw, -pitch, roll]),
            confidence=confidence,
        ),
    )


def _rows(time_s: Floats, frame: Floats, face: Any, usable: Any, **known: Any) -> Timeline:
    face_id = np.asarray(face).astype(np.int64)
    no_face, unclear = RejectReason.NO_FACE.value, RejectReason.NO_LANDMARKS.value
    reason = np.where(usable, "", np.where(face_id > 0, unclear, no_face))
    box = known["box"]
    known["face_px"] = np.minimum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    return timeline_from(
        FER7,
        time_s,
        frame_index=np.nan_to_num(frame).astype(np.int64),
        face_id=face_id,
        usable=np.asarray(usable),
        reason=reason,
        **known,
    )


def _session(name: str, timeline: Timeline) -> ImportedSession:
    session = Session(
        id=re.sub(r"[^\w-]+", "-", name)[:64] or "imported",
        source=SourceKind.RECORDING,
        title=name,
        card_name="imported",
        scheme_name=FER7.name,
        began_at=_BEGAN_AT,
        not_sure_below=0.0,
    )
    return ImportedSession(session, timeline)
