"""What is asked for when rows and marks are read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

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
