"""The database tables. Numbers and names only: no column could store a picture.

A change here is a new version: raise `VERSION`, and write a module in
`core/storage/migrations/versions` that leads to it. A test compares the two. The columns of
a session's rows (time, box, scores) are in `frame_row_columns`: they need no other tables.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    UniqueConstraint,
)

from core.storage.practice_tables import attempt_parts
from core.storage.table_texts import StoredString, StoredText, metadata

VERSION = 5
"""A database of a newer version is refused, one of an older version is migrated."""

# Read by versions without migrations: they refuse a number above their own.
schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

# Owners of sessions: only they may see and delete them, once people sign in.
owners = Table(
    "owners",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("name", StoredText, nullable=False),
)

# A class or a study, and who takes part in it: under a pseudonym, or a name they gave.
groups = Table(
    "groups",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("kind", StoredString(16), nullable=False),
    Column("name", StoredText, nullable=False),
    Column("owner_key", ForeignKey("owners.key", ondelete="SET NULL")),
)
participants = Table(
    "participants",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("name", StoredText, nullable=False),
    Column("group_key", ForeignKey("groups.key", ondelete="SET NULL")),
    Index("participants_by_group", "group_key"),
)

# Times of day are ISO 8601 text in UTC: SQLite has no time type, and text sorts and reads the same
# there and in PostgreSQL.
sessions = Table(
    "sessions",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("source", StoredString(16), nullable=False),
    Column("title", StoredText, nullable=False),
    Column("card_name", StoredText, nullable=False),
    Column("scheme_name", StoredText, nullable=False),
    # A JSON list, for models with a scheme of their own: without it their scores have no names.
    Column("labels", StoredText),
    # The "not sure" threshold at that time: the model's own may change later (calibration). Unknown
    # for the first sessions.
    Column("not_sure_below", Double),
    Column("began_at", StoredString(40), nullable=False),
    Column("ended_at", StoredString(40)),
    Column("purpose", StoredString(32), nullable=False),
    Column("consent_at", StoredString(40)),
    # Heartbeat of the writer: how a crashed session is told from a running one.
    Column("last_write_at", StoredString(40), nullable=False),
    Column("owner_key", ForeignKey("owners.key", ondelete="SET NULL")),
    # Updated with every write, so that rows need not be counted.
    Column("row_count", BigInteger, nullable=False),
    Column("face_count", Integer, nullable=False),
    Column("first_s", Double),
    Column("last_s", Double),
)

# The faces of a session, and the participant each belongs to, where assigned.
session_faces = Table(
    "session_faces",
    metadata,
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), primary_key=True),
    Column("face_id", Integer, primary_key=True, autoincrement=False),
    Column("participant_key", ForeignKey("participants.key", ondelete="SET NULL")),
)

# Pauses: `time_s` of a frame excludes those before it, so that a pause is no part of a session's
# length; the time of day needs them. Sessions from before have none: their times hold the pauses.
session_pauses = Table(
    "session_pauses",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),  # of the first frame after it
    Column("paused_s", Double, nullable=False),
    Index("session_pauses_by_session", "session_key"),
)

# Marks, each at its own time, which need not be that of a frame.
session_events = Table(
    "session_events",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("kind", StoredString(16), nullable=False),
    Column("words", StoredText, nullable=False),
    Index("session_events_by_session", "session_key"),
)

# Segments in which something was asked or shown: a question of a practice, a slide.
session_segments = Table(
    "session_segments",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("begins_s", Double, nullable=False),
    Column("ends_s", Double),  # none while it goes on
    Column("kind", StoredString(16), nullable=False),
    Column("prompt", StoredText, nullable=False),
    Index("session_segments_by_session", "session_key"),
)

# Own centre, neutral face and closed eyes of the person behind a face, as JSON of
# `core.measures.Calibration`: kept with the session, and deleted with it.
session_calibrations = Table(
    "session_calibrations",
    metadata,
    Column(
        "session_key",
        ForeignKey("sessions.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("face_id", Integer, primary_key=True, autoincrement=False),
    Column("measured_at", StoredString(40), nullable=False),
    Column("numbers", StoredText, nullable=False),
)

# The same for next sessions, only where a person asked for it.
participant_calibrations = Table(
    "participant_calibrations",
    metadata,
    Column(
        "participant_key",
        ForeignKey("participants.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("measured_at", StoredString(40), nullable=False),
    Column("numbers", StoredText, nullable=False),
)

# One row per face and frame; a frame without a face is one row with face 0. Many rows are packed
# in one block, with the columns of `core.storage.frame_row_columns`.
row_blocks = Table(
    "row_blocks",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("first_row", BigInteger, nullable=False),  # counted from 0 in its session
    Column("row_count", Integer, nullable=False),
    Column("form", SmallInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("session_key", "first_row", name="row_blocks_in_order"),
)

# Levels of a microphone, tenths of a second packed in blocks; no sound.
session_sound = Table(
    "session_sound",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("first_s", Double, nullable=False),
    Column("form", SmallInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("session_sound_by_session", "session_key"),
)

PARTS = (
    row_blocks,
    session_faces,
    session_pauses,
    session_events,
    session_segments,
    session_calibrations,
    session_sound,
    attempt_parts,
)
"""Every table with a part of a session, by the session's key."""
