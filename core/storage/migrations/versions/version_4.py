"""Version 4: practices with their questions, tries and reports, and levels of sound."""

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
    update,
)

from core.storage.migrations.versions import version_1

revision, down_revision = "4", "3"


def upgrade() -> None:
    """Create the tables; nothing else changes."""
    _create_question_sets()
    _create_practices()
    _create_attempts()
    _create_parts_and_answers()
    op.create_table(
        "session_sound",
        Column("key", Integer, primary_key=True),
        _parent("session"),
        Column("first_s", Double, nullable=False),
        Column("form", SmallInteger, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Index("session_sound_by_session", "session_key"),
    )
    op.execute(update(version_1.schema_version).values(version=4))


def _create_question_sets() -> None:
    op.create_table(
        "question_sets",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False, unique=True),
        Column("name", Text, nullable=False),
        Column("language", String(35), nullable=False),
        Column("questions", Text, nullable=False),
        Column("changed_at", String(40), nullable=False),
        Column("owner_key", Integer, ForeignKey("owners.key", ondelete="SET NULL")),
    )


def _create_practices() -> None:
    op.create_table(
        "practices",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False, unique=True),
        Column("person", Text, nullable=False),
        Column("set_name", Text, nullable=False),
        Column("language", String(35), nullable=False),
        Column("questions", Text, nullable=False),
        Column("think_s", Double, nullable=False),
        Column("answer_s", Double, nullable=False),
        Column("site", String(16), nullable=False),
        Column("with_sound", SmallInteger, nullable=False),
        Column("began_at", String(40), nullable=False),
        Column("ended_at", String(40)),
        Column("purpose", String(32), nullable=False),
        Column("consent_at", String(40)),
        Column("question_index", Integer, nullable=False),
        Column("owner_key", Integer, ForeignKey("owners.key", ondelete="SET NULL")),
    )


def _create_attempts() -> None:
    op.create_table(
        "practice_attempts",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False, unique=True),
        _parent("practice"),
        Column("question_index", Integer, nullable=False),
        Column("number", Integer, nullable=False),
        Column("began_at", String(40), nullable=False),
        Column("outcome", String(16)),
        Column("with_sound", SmallInteger, nullable=False),
        Column("calm", SmallInteger),
        Column("satisfied", SmallInteger),
        Column("report_words", Text),
        Column("reported_at", String(40)),
        Column("revealed_at", String(40)),
        Index("practice_attempts_by_practice", "practice_key"),
    )


def _create_parts_and_answers() -> None:
    op.create_table(
        "attempt_parts",
        Column("key", Integer, primary_key=True),
        _parent("attempt", "practice_attempts"),
        _parent("session"),
        Column("offset_s", Double, nullable=False),
        Column("begins_s", Double, nullable=False),
        Column("ends_s", Double),
        Index("attempt_parts_by_attempt", "attempt_key"),
        Index("attempt_parts_by_session", "session_key"),
    )
    op.create_table(
        "moment_answers",
        Column("key", Integer, primary_key=True),
        _parent("attempt", "practice_attempts"),
        Column("kind", String(16), nullable=False),
        Column("begins_s", Double, nullable=False),
        Column("ends_s", Double, nullable=False),
        Column("verdict", String(16), nullable=False),
        Column("words", Text, nullable=False),
        Column("answered_at", String(40), nullable=False),
        Index("moment_answers_by_attempt", "attempt_key"),
    )


def _parent(name: str, table: str = "") -> Column[int]:
    to = ForeignKey(f"{table or name + 's'}.key", ondelete="CASCADE")
    return Column(f"{name}_key", Integer, to, nullable=False)
