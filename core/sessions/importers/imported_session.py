"""A session that was read from a file, and a timeline from the columns that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import BLENDSHAPES, LabelScheme, Segment, Session, Timeline
from core.domain.errors import PlanError

Floats = NDArray[np.float64]

_WIDTHS = {"box": 4, "pose": 3, "blendshapes": len(BLENDSHAPES)}
_NUMBERS = ("confidence", "brightness", "blur", "face_px", "eyes_open", "lip_gap", "latency_ms")
_TEXTS = ("reason", "shown", "eye")


@dataclass(frozen=True, eq=False)
class ImportedSession:
    """What a file says of one session.

    Attributes:
        session: its id is that of the file.
        timeline: its rows and marks.
        segments: questions, slides and tasks.
    """

    session: Session
    timeline: Timeline
    segments: tuple[Segment, ...] = ()


def timeline_from(scheme: LabelScheme, time_s: Floats, **known: Any) -> Timeline:
    """Rows in time order, whatever their order in the file; columns that it lacks are empty.

    Args:
        known: columns of a `Timeline`; `frame_index`, `face_id` and `usable` are needed.
    Raises:
        PlanError: a row has no time, or one before the begin.
    """
    rows = len(time_s)
    bad = np.flatnonzero(~(np.isfinite(time_s) & (time_s >= 0)))
    if len(bad):
        raise PlanError(
            f"Row {bad[0] + 1} of the file has no time, or one before 0 s.",
            advice="Give each row its time in seconds, then import it again.",
        )
    widths = {**_WIDTHS, "scores": len(scheme), "steady": len(scheme)}
    columns: dict[str, Any] = {
        name: np.full((rows, width), np.nan) for name, width in widths.items()
    }
    columns |= {name: np.full(rows, np.nan) for name in _NUMBERS}
    columns |= {name: np.full(rows, "", dtype=np.str_) for name in _TEXTS}
    columns |= known
    columns["blendshapes"] = columns["blendshapes"].astype(np.float32)
    order = np.argsort(time_s, kind="stable")
    in_order: dict[str, Any] = {name: np.asarray(values)[order] for name, values in columns.items()}
    return Timeline(scheme=scheme, time_s=time_s[order], **in_order)


def column(table: Mapping[str, Any], name: str, rows: int) -> Floats:
    """Numbers of a column, float64 `(n,)`; NaN where they are missing, or the column is.

    Raises:
        PlanError: it holds something else.
    """
    if name not in table:
        return np.full(rows, np.nan)
    try:
        return np.array([np.nan if _is_missing(one) else float(one) for one in table[name]])
    except (TypeError, ValueError) as error:
        raise PlanError(
            f"The column {name} holds something that is no number.",
            advice="Export the file again, or correct it.",
        ) from error


def _is_missing(value: Any) -> bool:
    return value is None or value == "" or str(value) in {"<NA>", "nan"}
