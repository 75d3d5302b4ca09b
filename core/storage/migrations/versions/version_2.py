"""Version 2: many rows packed in one block, marks as events, counts stored with each session.

Rows of version 1 keep every number to the last bit; what they did not hold stays empty. Their
marks become events of the kind `mark`, at the moment whose row they stood on. The tables stand here
as they were made; nothing here follows later changes but the packed formats, which never change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)

from core.domain.errors import StoreError
from core.storage.corrupt_data import short_message
from core.storage.frame_row_columns import EXACT
from core.storage.migrations.versions import version_1 as old
from core.storage.packed_rows import pack_rows

revision, down_revision = "2", "1"

_ROWS_AT_ONCE = 1000
_OLD_ENDING = "_1"
_NOBODY = 0
_BLENDSHAPES, _BLENDSHAPE_STEPS = 52, 1000

metadata = MetaData()

owners = Table(
    "owners",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_key", ForeignKey("owners.key", ondelete="SET NULL")),
)
participants = Table(
    "participants",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("group_key", ForeignKey("groups.key", ondelete="SET NULL")),
    Index("participants_by_group", "group_key"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("source", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("card_name", Text, nullable=False),
    Column("scheme_name", Text, nullable=False),
    Column("labels", Text),
    Column("not_sure_below", Double),
    Column("began_at", String(40), nullable=False),
    Column("ended_at", String(40)),
    Column("purpose", String(32), nullable=False),
    Column("consent_at", String(40)),
    Column("last_write_at", String(40), nullable=False),
    Column("owner_key", ForeignKey("owners.key", ondelete="SET NULL")),
    Column("row_count", BigInteger, nullable=False),
    Column("face_count", Integer, nullable=False),
    Column("first_s", Double),
    Column("last_s", Double),
)

session_faces = Table(
    "session_faces",
    metadata,
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), primary_key=True),
    Column("face_id", Integer, primary_key=True, autoincrement=False),
    Column("participant_key", ForeignKey("participants.key", ondelete="SET NULL")),
)

session_pauses = Table(
    "session_pauses",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("paused_s", Double, nullable=False),
    Index("session_pauses_by_session", "session_key"),
)

session_events = Table(
    "session_events",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Index("session_events_by_session", "session_key"),
)

session_segments = Table(
    "session_segments",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("begins_s", Double, nullable=False),
    Column("ends_s", Double),
    Column("kind", String(16), nullable=False),
    Column("prompt", Text, nullable=False),
    Index("session_segments_by_session", "session_key"),
)

row_blocks = Table(
    "row_blocks",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("first_row", BigInteger, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("form", SmallInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("session_key", "first_row", name="row_blocks_in_order"),
)


def upgrade() -> None:
    """Create the new tables, copy everything, and drop the old ones."""
    connection = op.get_bind()
    op.drop_index("session_pauses_by_session", if_exists=True)  # its name is needed
    for table in (old.sessions, old.session_pauses):
        op.rename_table(table.name, table.name + _OLD_ENDING)
    metadata.create_all(connection)
    rows, pauses = (_renamed(table) for table in (old.sessions, old.session_pauses))
    for session in connection.execute(select(rows).order_by(rows.c.began_at, rows.c.id)).mappings():
        key = _copy_session(connection, dict(session))
        _copy_pauses(connection, pauses, session["id"], key)
        try:
            _copy_rows(connection, session["id"], key)
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"Rows of the session {session['id']} are damaged: {short_message(error)}.",
                advice="Delete it with the Mien that recorded it, or restore the database.",
            ) from error
    for table in (old.observation_blendshapes, old.observations, pauses):
        op.drop_table(table.name)
    for table in (old.session_labels, old.session_thresholds, rows):
        op.drop_table(table.name)
    connection.execute(update(old.schema_version).values(version=2))


def _renamed(table: Table) -> Table:
    return table.to_metadata(MetaData(), name=table.name + _OLD_ENDING)


def _copy_session(connection: Connection, session: dict[str, Any]) -> int:
    """A session with its labels and threshold, without rows; returns its key."""
    labels, shown = old.session_labels.c, old.session_thresholds.c
    related = {
        "labels": select(labels.labels).where(labels.session_id == session["id"]),
        "not_sure_below": select(shown.not_sure_below).where(shown.session_id == session["id"]),
    }
    session |= {name: connection.execute(one).scalar() for name, one in related.items()}
    made = insert(sessions).values(**session, row_count=0, face_count=0)
    return int(connection.execute(made.returning(sessions.c.key)).scalar_one())


def _copy_pauses(connection: Connection, pauses: Table, session_id: str, key: int) -> None:
    query = select(pauses).where(pauses.c.session_id == session_id)
    found = connection.execute(query.order_by(pauses.c.time_s, pauses.c.row_id)).all()
    if found:
        rows = [
            {"session_key": key, "time_s": one.time_s, "paused_s": one.paused_s} for one in found
        ]
        connection.execute(insert(session_pauses), rows)


def _copy_rows(connection: Connection, session_id: str, key: int) -> None:
    """Rows into blocks, marks into events, and their counts into the session."""
    count, faces, ends_s, marked = 0, set[int](), list[float](), None
    for rows in _blocks_of_rows(connection, session_id):
        columns = _columns(rows)
        connection.execute(
            insert(row_blocks).values(
                session_key=key,
                first_row=count,
                row_count=len(rows),
                form=EXACT,
                content=pack_rows(columns, EXACT),
            )
        )
        for row in rows:
            # A mark was stored on the row of every face of its frame.
            if row.event and (row.time_s, row.frame_index) != marked:
                marked = (row.time_s, row.frame_index)
                mark = {"time_s": row.time_s, "kind": "mark", "words": row.event}
                connection.execute(insert(session_events).values(session_key=key, **mark))
        count += len(rows)
        faces |= {row.face_id for row in rows if row.face_id != _NOBODY}
        ends_s = [*ends_s[:1], rows[0].time_s, rows[-1].time_s]
    if faces:
        seen = [{"session_key": key, "face_id": face} for face in sorted(faces)]
        connection.execute(insert(session_faces), seen)
    if count:
        known: dict[str, float] = {"row_count": count, "face_count": len(faces)}
        known |= {"first_s": ends_s[0], "last_s": ends_s[-1]}
        connection.execute(update(sessions).where(sessions.c.key == key).values(**known))


def _blocks_of_rows(connection: Connection, session_id: str) -> Iterator[Sequence[Any]]:
    """In time order, `_ROWS_AT_ONCE` at a time: a database may be larger than memory."""
    rows, blendshapes = old.observations, old.observation_blendshapes
    query = (
        select(rows, blendshapes.c.thousandths)
        .outerjoin(blendshapes, blendshapes.c.row_id == rows.c.row_id)
        .where(rows.c.session_id == session_id)
        .order_by(rows.c.time_s, rows.c.row_id)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    yield from connection.execute(query).partitions()


def _columns(rows: Sequence[Any]) -> dict[str, Any]:
    """Columns as `packed_rows` takes them."""
    get = {name: [row._mapping[name] for row in rows] for name in rows[0]._fields}
    several = {
        "box": ("box_left", "box_top", "box_right", "box_bottom"),
        "pose": ("yaw", "pitch", "roll"),
    }
    scored = (text for text in (*get["scores"], *get["steady"]) if text is not None)
    classes = len(json.loads(next(scored, "[]")))
    one = ("confidence", "brightness", "blur", "face_px", "eyes_open", "latency_ms", "time_s")
    return {
        **{name: np.array(get[name], np.float64) for name in one},  # None becomes NaN
        **{
            name: np.stack([np.array(get[part], np.float64) for part in parts], axis=1)
            for name, parts in several.items()
        },
        **{name: np.array(get[name], np.int64) for name in ("frame_index", "face_id")},
        "usable": np.array(get["usable"], np.bool_),
        "reason": np.array(get["reason"], np.str_),
        **{name: _lists(get[name], classes) for name in ("scores", "steady")},
        "blendshapes": _lists(get["thousandths"], _BLENDSHAPES) / _BLENDSHAPE_STEPS,
    }


def _lists(texts: Sequence[str | None], width: int) -> Any:
    """JSON lists as rows; NaN where there is none."""
    nothing = [np.nan] * width
    lists = [nothing if text is None else json.loads(text) for text in texts]
    return np.array(lists, np.float64).reshape(-1, width)
