"""Marks between their own moments and the rows of a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select

from core.domain import Event, Timeline
from core.storage import schema


def block_query(session_key: int, rows: int) -> Select[Any]:
    """The blocks with the rows after so many, and the row before them."""
    table = schema.row_blocks.c
    own = table.session_key == session_key
    before = select(func.max(table.first_row)).where(own, table.first_row < rows).scalar_subquery()
    return (
        select(table.first_row, table.form, table.content)
        .where(own, table.first_row >= func.coalesce(before, 0))
        .order_by(table.first_row)
    )


def event_query(session_key: int) -> Select[Any]:
    """Marks in the order of their moments."""
    table = schema.session_events
    own = table.c.session_key == session_key
    return select(table).where(own).order_by(table.c.time_s, table.c.key)


def placed(events: Sequence[Event], timeline: Timeline) -> Timeline:
    """The rows with the words of each event in their column `event`.

    An event stands on every row of the first moment at or after it; where none comes after it, of
    the last one. Several of one moment are joined.
    """
    if not (events and len(timeline)):
        return timeline
    words = np.full(len(timeline), "", dtype=object)
    for event in sorted(events, key=lambda one: one.time_s):
        first = int(np.searchsorted(timeline.time_s, event.time_s))
        first = min(first, len(timeline) - 1)
        here = _moment_at(timeline, first)
        words[here] = [_joined((text, event.words)) for text in words[here]]
    return replace(timeline, event=words.astype(np.str_))


def _moment_at(timeline: Timeline, row: int) -> NDArray[np.intp]:
    same_time = timeline.time_s == timeline.time_s[row]
    return np.flatnonzero(same_time & (timeline.frame_index == timeline.frame_index[row]))


def _joined(words: Iterable[str]) -> str:
    return "; ".join(filter(None, words))
