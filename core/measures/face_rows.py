"""The rows of one face among all analysed frames of a session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from core.domain import NO_FACE_ID, RejectReason, Timeline


def with_absences(timeline: Timeline, face_id: int) -> Timeline:
    """The rows of one face, and an empty row for each frame without it.

    A face that is away is so told apart from time that was not analysed, which has no rows.

    Args:
        timeline: of all faces.
    """
    own = timeline.face_id == face_id
    is_first = np.append(True, np.diff(timeline.time_s) > 0)[: len(timeline)]
    rows = timeline.where(own | (is_first & ~np.isin(timeline.time_s, timeline.time_s[own])))
    is_away = rows.face_id != face_id
    numbers = ("box", "confidence", "brightness", "blur", "face_px", "pose", "eyes_open")
    measured = (*numbers, "blendshapes", "lip_gap", "scores", "steady")
    empty: dict[str, Any] = {name: np.array(getattr(rows, name), copy=True) for name in measured}
    for column in empty.values():
        column[is_away] = np.nan
    return replace(
        rows,
        face_id=np.where(is_away, NO_FACE_ID, rows.face_id),
        usable=rows.usable & ~is_away,
        reason=np.where(is_away, RejectReason.NO_FACE.value, rows.reason),
        shown=np.where(is_away, "", rows.shown),
        **empty,
    )
