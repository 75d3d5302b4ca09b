"""The tables of practices; a change here is a new version of the database (`tables`)."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, SmallInteger, Table

from core.storage.table_texts import StoredString, StoredText, metadata

# Own sets of questions; those that come with Mien are files. The questions are a JSON list.
question_sets = Table(
    "question_sets",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("name", StoredText, nullable=False),
    Column("language", StoredString(35), nullable=False),
    Column("questions", StoredText, nullable=False),
    Column("changed_at", StoredString(40), nullable=False),
    Column("owner_key", ForeignKey("owners.key", ondelete="SET NULL")),
)

# Practices keep the questions as they were asked, and where they stand.
practices = Table(
    "practices",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("person", StoredText, nullable=False),
    Column("set_name", StoredText, nullable=False),
    Column("language", StoredString(35), nullable=False),
    Column("questions", StoredText, nullable=False),
    Column("think_s", Double, nullable=False),
    Column("answer_s", Double, nullable=False),
    Column("site", StoredString(16), nullable=False),
    Column("with_sound", SmallInteger, nullable=False),
    Column("began_at", StoredString(40), nullable=False),
    Column("ended_at", StoredString(40)),
    Column("purpose", StoredString(32), nullable=False),
    Column("consent_at", StoredString(40)),
    Column("question_index", Integer, nullable=False),
    Column("owner_key", ForeignKey("owners.key", ondelete="SET NULL")),
)

# Tries at a question, with the person's own report.
practice_attempts = Table(
    "practice_attempts",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", StoredString(64), nullable=False, unique=True),
    Column("practice_key", ForeignKey("practices.key", ondelete="CASCADE"), nullable=False),
    Column("question_index", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("began_at", StoredString(40), nullable=False),
    Column("outcome", StoredString(16)),  # none while it goes on
    Column("with_sound", SmallInteger, nullable=False),
    Column("calm", SmallInteger),
    Column("satisfied", SmallInteger),
    Column("report_words", StoredText),
    Column("reported_at", StoredString(40)),
    Column("revealed_at", StoredString(40)),
    Index("practice_attempts_by_practice", "practice_key"),
)

# Where the rows of a try lie: one session, or several where the server was started again.
attempt_parts = Table(
    "attempt_parts",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("attempt_key", ForeignKey("practice_attempts.key", ondelete="CASCADE"), nullable=False),
    Column("session_key", ForeignKey("sessions.key", ondelete="CASCADE"), nullable=False),
    Column("offset_s", Double, nullable=False),
    Column("begins_s", Double, nullable=False),
    Column("ends_s", Double),  # none while it goes on
    Index("attempt_parts_by_attempt", "attempt_key"),
    Index("attempt_parts_by_session", "session_key"),
)

# What a person said about moments of an answer.
moment_answers = Table(
    "moment_answers",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("attempt_key", ForeignKey("practice_attempts.key", ondelete="CASCADE"), nullable=False),
    Column("kind", StoredString(16), nullable=False),
    Column("begins_s", Double, nullable=False),
    Column("ends_s", Double, nullable=False),
    Column("verdict", StoredString(16), nullable=False),
    Column("words", StoredText, nullable=False),
    Column("answered_at", StoredString(40), nullable=False),
    Index("moment_answers_by_attempt", "attempt_key"),
)

NAMES = (
    question_sets.name,
    practices.name,
    practice_attempts.name,
    attempt_parts.name,
    moment_answers.name,
)
"""Of all tables here."""
