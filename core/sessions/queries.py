"""Queries for rows and marks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from core.storage import tables


def block_query(session_key: int, rows: int) -> Select[Any]:
    """The blocks with the rows after the first `rows`, and the row before them."""
    table = tables.row_blocks.c
    in_session = table.session_key == session_key
    before = (
        select(func.max(table.first_row))
        .where(in_session, table.first_row < rows)
        .scalar_subquery()
    )
    return (
        select(table.first_row, table.form, table.content)
        .where(in_session, table.first_row >= func.coalesce(before, 0))
        .order_by(table.first_row)
    )


def event_query(session_key: int) -> Select[Any]:
    """Marks in time order."""
    table = tables.session_events
    in_session = table.c.session_key == session_key
    return select(table).where(in_session).order_by(table.c.time_s, table.c.key)
