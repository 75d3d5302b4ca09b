"""Who read the faces of a session: this server from frames, or the visitor's browser."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from core.domain import AnalysisSite, SourceKind
from core.sessions.queries import key_of
from core.sessions.store import SessionStore
from core.sessions.stored_session import SessionEntry
from core.storage import tables
from core.storage.packed_rows import unpack_rows

READ_BY: Mapping[AnalysisSite, str] = {
    AnalysisSite.SERVER: "this server",
    AnalysisSite.BROWSER: "the visitor's browser",
}
"""Where frames were analysed, in words."""

NOBODY = "nobody"
"""The reader of a session without rows, and of a synthetic one."""


def read_by(store: SessionStore, entry: SessionEntry) -> tuple[AnalysisSite, ...]:
    """Where a session was read, by its first and last rows: usually one place; none without rows.

    Sessions from before it was stored were read on the server: there was no other place.

    Raises:
        UnknownSession, StoreError.
    """
    if entry.session.source is SourceKind.DEMO:
        return ()
    table = tables.row_blocks.c
    with store.transaction("read") as connection:
        own = table.session_key == key_of(connection, entry.session.id)
        query = select(table.content, table.form).where(own)
        ends = [
            connection.execute(query.order_by(order).limit(1)).first()
            for order in (table.first_row, table.first_row.desc())
        ]
    found = {site for block in ends if block is not None for site in _sites_of(*block)}
    return tuple(site for site in AnalysisSite if site in found)


def read_by_text(sites: Collection[AnalysisSite]) -> str:
    """Who that is, in words."""
    return " and ".join(READ_BY[site] for site in sites) or NOBODY


def _sites_of(content: bytes, form: int) -> set[AnalysisSite]:
    stored = unpack_rows(content, form).get("eye", ("",))
    return {AnalysisSite(str(one) or AnalysisSite.SERVER) for one in set(stored)}
