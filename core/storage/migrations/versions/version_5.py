"""Version 5: classes, their learners, and what these shared."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    update,
)

from core.storage.migrations.versions import version_1

revision, down_revision = "5", "4"


def upgrade() -> None:
    """Create the tables; nothing else changes."""
    _create_classrooms()
    _create_learners()
    _create_blocks()
    _create_flags_and_marks()
    op.create_table(
        "classroom_room_seconds",
        Column("key", Integer, primary_key=True),
        _classroom(),
        Column("second", Integer, nullable=False),
        Column("heads", SmallInteger, nullable=False),
        Column("known", SmallInteger, nullable=False),
        Column("towards", SmallInteger, nullable=False),
        Column("seats", Text, nullable=False),
        UniqueConstraint("classroom_key", "second", name="classroom_room_seconds_in_order"),
    )
    op.create_table(
        "classroom_losses",
        Column("key", Integer, primary_key=True),
        _classroom(),
        Column("first_second", Integer, nullable=False),
        Column("measured", SmallInteger, nullable=False),
        Column("usable", SmallInteger, nullable=False),
        UniqueConstraint("classroom_key", "first_second", name="classroom_losses_by_second"),
    )
    op.execute(update(version_1.schema_version).values(version=5))


def _create_classrooms() -> None:
    op.create_table(
        "classrooms",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False, unique=True),
        Column("code", String(8), nullable=False),
        Column("link_hash", String(64), nullable=False),
        Column("projector_hash", String(64), nullable=False),
        Column("teacher_hash", String(64), nullable=False),
        Column("title", Text, nullable=False),
        Column("region", String(16), nullable=False),
        Column("purpose", String(32), nullable=False),
        Column("shared", Text, nullable=False),
        Column("is_listed", SmallInteger, nullable=False),
        Column("labels", Text, nullable=False),
        Column("card_name", Text, nullable=False),
        Column("opened_at", String(40), nullable=False),
        Column("closed_at", String(40)),
        Column("learner_count", SmallInteger, nullable=False),
        Column("owner_key", Integer, ForeignKey("owners.key", ondelete="SET NULL")),
        Index("classrooms_by_code", "code"),
        Index("classrooms_by_teacher", "teacher_hash"),
    )


def _create_learners() -> None:
    op.create_table(
        "learners",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False, unique=True),
        _classroom(),
        Column("number", SmallInteger, nullable=False),
        Column("own_hash", String(64), nullable=False),
        Column("name", Text, nullable=False),
        Column("site", String(16), nullable=False),
        Column("consent_at", String(40), nullable=False),
        Column("notice_version", String(64), nullable=False),
        Column("state", String(16), nullable=False),
        Column("seen_at", String(40), nullable=False),
        UniqueConstraint("classroom_key", "number", name="learners_by_number"),
        Index("learners_by_secret", "own_hash"),
    )


def _create_blocks() -> None:
    op.create_table(
        "classroom_blocks",
        Column("key", Integer, primary_key=True),
        _classroom(),
        Column("first_second", Integer, nullable=False),
        Column("last_second", Integer, nullable=False),
        Column("form", SmallInteger, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Index("classroom_blocks_by_classroom", "classroom_key", "key"),
    )


def _create_flags_and_marks() -> None:
    op.create_table(
        "classroom_flags",
        Column("key", Integer, primary_key=True),
        _classroom(),
        Column(
            "learner_key",
            Integer,
            ForeignKey("learners.key", ondelete="CASCADE"),
            nullable=False,
        ),
        Column("time_s", Double, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("words", Text, nullable=False),
        Index("classroom_flags_by_classroom", "classroom_key"),
        Index("classroom_flags_by_learner", "learner_key"),
    )
    op.create_table(
        "classroom_marks",
        Column("key", Integer, primary_key=True),
        _classroom(),
        Column("time_s", Double, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("label", Text, nullable=False),
        Index("classroom_marks_by_classroom", "classroom_key"),
    )


def _classroom() -> Column[int]:
    to = ForeignKey("classrooms.key", ondelete="CASCADE")
    return Column("classroom_key", Integer, to, nullable=False)
