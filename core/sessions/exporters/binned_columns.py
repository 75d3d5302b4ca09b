"""Which columns of the rows are in the table of seconds."""

from __future__ import annotations

from collections.abc import Iterable

from core.measures import TEXT_COLUMNS

TEXTS = (
    *("session_id", "t_utc", "reject_reason", "top1", "event", "event_s", "shown", "label_shown"),
    *("eye", "expressiveness_level"),
    *TEXT_COLUMNS,
)
"""Columns of the table of rows that hold text."""

SECONDS_BEGIN = ("session_id", "person", "face_id", "t_s", "t_utc", "measured_s", "usable", "shown")

_NOT_IN_BINS = {
    *("t_s", "frame", "face_id", "usable", "seconds", "latency_ms", "top1_conf", "entropy"),
    *("box_left", "box_top", "box_right", "box_bottom"),
    *TEXTS,
}


def averaged_columns(columns: Iterable[str]) -> list[str]:
    """Those of the columns of the rows that have a mean in each bin."""
    return [name for name in columns if name not in _NOT_IN_BINS]


def binned_columns(columns: Iterable[str]) -> list[str]:
    """The columns of the table of seconds, for those of the table of rows."""
    return [*SECONDS_BEGIN, *averaged_columns(columns)]
