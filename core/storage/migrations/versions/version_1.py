"""Version 1: a row of numbers for each face in each frame, scores as text.

Also for databases from before there were migrations: those have some of these tables already, or
all, and get the others. The tables stand here as they were; nothing here follows later changes.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
)

revision, down_revision = "1", None

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

# Times are ISO 8601 text in UTC: SQLite has no time type, and text sorts and reads the same there
# and in PostgreSQL.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("source", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("card_name", Text, nullable=False),
    Column("scheme_name", String(32), nullable=False),
    Column("began_at", String(40), nullable=False),
    Column("ended_at", String(40)),
    Column("purpose", String(32), nullable=False),
    Column("consent_at", String(40)),
    # When a writer last said that it lives; how a crash is told from a sitting that goes on.
    Column("last_write_at", String(40), nullable=False),
)

# Labels of models whose scheme is their own: without them nobody could read their scores. A table
# beside the first ones, so that databases from before need no change.
session_labels = Table(
    "session_labels",
    metadata,
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("labels", Text, nullable=False),  # a JSON list
)

# What was shown as "not sure". The model's own threshold may change afterwards (calibration); what
# a person saw on that day does not. Sessions from before have no row.
session_thresholds = Table(
    "session_thresholds",
    metadata,
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("not_sure_below", Double, nullable=False),
)

# Pauses: `time_s` of a moment leaves out those before it, so that a pause is no part of a session's
# length; the time of day needs them. Sessions from before have none: their times hold the pauses.
session_pauses = Table(
    "session_pauses",
    metadata,
    Column("row_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),  # of the first moment after it
    Column("paused_s", Double, nullable=False),
    Index("session_pauses_by_session", "session_id"),
)

# One row a face a moment; a moment in which nobody was seen is one row with face_id 0. Scores are
# JSON lists: their number depends on the scheme, and any tool can read them. Python writes the
# shortest text that reads back as the same number, so nothing is lost.
observations = Table(
    "observations",
    metadata,
    # SQLite numbers rows by itself only for INTEGER keys.
    Column("row_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("frame_index", BigInteger, nullable=False),
    Column("face_id", Integer, nullable=False),
    Column("box_left", Double),
    Column("box_top", Double),
    Column("box_right", Double),
    Column("box_bottom", Double),
    Column("confidence", Double),
    Column("usable", Boolean, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("brightness", Double),
    Column("blur", Double),
    Column("face_px", Double),
    Column("yaw", Double),
    Column("pitch", Double),
    Column("roll", Double),
    Column("eyes_open", Double),
    Column("scores", Text),
    Column("steady", Text),
    Column("latency_ms", Double),
    Column("event", Text, nullable=False),
    Index("observations_by_time", "session_id", "time_s"),
)

# How the face moved, for rows that have landmarks: a JSON list of 52 whole numbers, thousandths in
# the order of `domain.BLENDSHAPES`. A table beside the first ones, so that databases from
# before need no change; their rows have none.
observation_blendshapes = Table(
    "observation_blendshapes",
    metadata,
    Column(
        "row_id",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("observations.row_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("thousandths", String(261), nullable=False),  # 52 times "1000," and the brackets
)


def upgrade() -> None:
    """Make the tables that are missing."""
    connection = op.get_bind()
    metadata.create_all(connection)
    if connection.execute(select(schema_version.c.version)).first() is None:
        connection.execute(insert(schema_version).values(version=1))
