"""Conversion between moments, timelines and packed rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from core.domain import SCHEMES, AnalysedFrame, LabelScheme, Session, Timeline
from core.domain.errors import StoreError
from core.domain.timeline import COLUMNS, columns_from_rows
from core.storage.frame_row_columns import CURRENT_FORMAT, DEFAULTS
from core.storage.packed_rows import pack_blocks, stored_time, unpack_rows

BLOCK_ROWS = 300
"""Rows of a full block: ten seconds of one face. Smaller blocks take more space, larger ones save
little and take longer to read when a program follows a session."""

_TYPES = {"blendshapes": np.float32, "usable": np.bool_}
"""Column types of a timeline that differ from the packed ones."""


def columns_of(scheme: LabelScheme, moments: Iterable[AnalysedFrame]) -> dict[str, Any]:
    """Columns to pack: one row per face and moment; one for a moment without a face.

    Args:
        moments: of perhaps several sessions.
    """
    return columns_from_rows(
        scheme, [(one, seen) for one in moments for seen in one.observations or (None,)]
    )


def packed_blocks(columns: dict[str, Any], rows: Sequence[int]) -> list[list[tuple[int, bytes]]]:
    """Number of rows and content of each block, in order, for each of several sessions.

    Args:
        columns: of all of them, one after another.
        rows: of each.
    """
    sizes = [
        [min(BLOCK_ROWS, count - first) for first in range(0, count, BLOCK_ROWS)] for count in rows
    ]
    packed = iter(pack_blocks(columns, [one for own in sizes for one in own], CURRENT_FORMAT))
    return [[(size, next(packed)) for size in own] for own in sizes]


def joined(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Concatenate the rows of several parts."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def timeline_of(scheme: LabelScheme, blocks: Sequence[tuple[bytes, int]]) -> Timeline:
    """A timeline from blocks, each with its format, in their order.

    Raises:
        StoreError: a block is damaged, or of a newer version.
    """
    parts = [_with_all_columns(unpack_rows(content, form), len(scheme)) for content, form in blocks]
    if not parts:
        return Timeline.from_frames(scheme, ())
    columns = joined([{name: part[name] for name in COLUMNS} for part in parts])
    order = np.argsort(columns["time_s"], kind="stable")
    in_order = {
        name: values[order].astype(_TYPES.get(name, values.dtype), copy=False)
        for name, values in columns.items()
    }
    return Timeline(scheme=scheme, **in_order)


def pauses_of(moments: Iterable[AnalysedFrame]) -> list[dict[str, Any]]:
    """Table rows: one for each moment that ended a pause."""
    return [
        {"time_s": stored_time(moment.time_s), "paused_s": moment.paused_s}
        for moment in moments
        if moment.paused_s > 0
    ]


def scheme_of(session: Session) -> LabelScheme:
    """The classes of a session's scores.

    Raises:
        StoreError: they are of a newer version.
    """
    return scheme_named(session.scheme_name, session.labels, session.id)


def scheme_named(name: str, labels: tuple[str, ...], session_id: str) -> LabelScheme:
    """The same, of a session that is not read as a whole."""
    if name in SCHEMES:
        return SCHEMES[name]
    if labels:
        return LabelScheme(name, labels)
    raise StoreError(
        f"The session {session_id} uses the labels {name}, unknown to this Mien.",
        advice="Update Mien to read it.",
    )


def _with_all_columns(columns: dict[str, Any], classes: int) -> dict[str, Any]:
    """The columns, with defaults for missing ones."""
    rows = len(columns["time_s"])
    for name, value in DEFAULTS.items():
        columns.setdefault(name, np.full(rows, value))
    for name in ("scores", "steady"):
        if columns[name].shape[1] == 0:  # rows of version 1 without a usable face
            columns[name] = np.full((rows, classes), np.nan)
    return columns
