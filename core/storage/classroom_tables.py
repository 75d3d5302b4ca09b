"""The tables of classes; a change here is a new version of the database (`tables`)."""

from __future__ import annotations

from sqlalchemy import (
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

from core.storage.table_texts import StoredString, StoredText, metadata

# Secrets are stored as SHA-256 only: whoever reads the database can open nobody's page with it.
classrooms = Table(
    "classrooms",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("code", StoredString(8), nullable=False),
    Column("link_hash", StoredString(64), nullable=False),  # of the link for learners
    Column("projector_hash", StoredString(64), nullable=False),  # of the view for all
    Column("teacher_hash", StoredString(64), nullable=False),  # of the teacher's own link
    Column("title", StoredText, nullable=False),
    Column("region", StoredString(16), nullable=False),
    Column("purpose", StoredString(32), nullable=False),
    Column("shared", StoredText, nullable=False),  # a JSON list
    Column("is_listed", SmallInteger, nullable=False),
    Column("labels", StoredText, nullable=False),  # a JSON list
    Column("card_name", StoredText, nullable=False),
    Column("opened_at", StoredString(40), nullable=False),
    Column("closed_at", StoredString(40)),
    # Numbers given to learners so far: that of one who withdrew is never given again.
    Column("learner_count", SmallInteger, nullable=False),
    Column("owner_key", ForeignKey("owners.key", ondelete="SET NULL")),
    Index("classrooms_by_code", "code"),
    Index("classrooms_by_teacher", "teacher_hash"),
)

learners = Table(
    "learners",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("classroom_key", ForeignKey("classrooms.key", ondelete="CASCADE"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("own_hash", StoredString(64), nullable=False),  # of the secret that the own tab keeps
    Column("name", StoredText, nullable=False),
    Column("site", StoredString(16), nullable=False),
    Column("consent_at", StoredString(40), nullable=False),
    Column("notice_version", StoredString(64), nullable=False),
    Column("state", StoredString(16), nullable=False),
    Column("seen_at", StoredString(40), nullable=False),
    UniqueConstraint("classroom_key", "number", name="learners_by_number"),
    Index("learners_by_secret", "own_hash"),
)

# What learners shared: the seconds that one server took together, packed in one block.
classroom_blocks = Table(
    "classroom_blocks",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("classroom_key", ForeignKey("classrooms.key", ondelete="CASCADE"), nullable=False),
    Column("first_second", Integer, nullable=False),
    Column("last_second", Integer, nullable=False),
    Column("form", SmallInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("classroom_blocks_by_classroom", "classroom_key", "key"),
)

classroom_flags = Table(
    "classroom_flags",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("classroom_key", ForeignKey("classrooms.key", ondelete="CASCADE"), nullable=False),
    Column("learner_key", ForeignKey("learners.key", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("kind", StoredString(16), nullable=False),
    Column("words", StoredText, nullable=False),
    Index("classroom_flags_by_classroom", "classroom_key"),
    Index("classroom_flags_by_learner", "learner_key"),
)

classroom_marks = Table(
    "classroom_marks",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("classroom_key", ForeignKey("classrooms.key", ondelete="CASCADE"), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("kind", StoredString(16), nullable=False),
    Column("label", StoredText, nullable=False),
    Index("classroom_marks_by_classroom", "classroom_key"),
)

# What a camera that faces a group saw: counts of heads by second and region, no faces.
classroom_room_seconds = Table(
    "classroom_room_seconds",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("classroom_key", ForeignKey("classrooms.key", ondelete="CASCADE"), nullable=False),
    Column("second", Integer, nullable=False),
    Column("heads", SmallInteger, nullable=False),
    Column("known", SmallInteger, nullable=False),
    Column("towards", SmallInteger, nullable=False),
    Column("seats", StoredText, nullable=False),  # a JSON list
    UniqueConstraint("classroom_key", "second", name="classroom_room_seconds_in_order"),
)

# How many of those who withdrew were measured, and usable, in ten seconds of a class, and nothing
# of whom: figures without one of them, beside the earlier ones with all, would tell of this one.
classroom_losses = Table(
    "classroom_losses",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("classroom_key", ForeignKey("classrooms.key", ondelete="CASCADE"), nullable=False),
    Column("first_second", Integer, nullable=False),
    Column("measured", SmallInteger, nullable=False),
    Column("usable", SmallInteger, nullable=False),
    UniqueConstraint("classroom_key", "first_second", name="classroom_losses_by_second"),
)

NAMES = (
    classrooms.name,
    learners.name,
    classroom_blocks.name,
    classroom_flags.name,
    classroom_marks.name,
    classroom_room_seconds.name,
    classroom_losses.name,
)
"""Of all tables here."""
