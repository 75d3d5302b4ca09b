"""Version 3: calibrations, kept with a session, and with a participant who asked for it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, String, Text, update

from core.storage.migrations.versions import version_1

revision, down_revision = "3", "2"


def upgrade() -> None:
    """Create the two tables; nothing else changes."""
    op.create_table(
        "session_calibrations",
        _key_of("session"),
        Column("face_id", Integer, primary_key=True, autoincrement=False),
        Column("measured_at", String(40), nullable=False),
        Column("numbers", Text, nullable=False),
    )
    op.create_table(
        "participant_calibrations",
        _key_of("participant"),
        Column("measured_at", String(40), nullable=False),
        Column("numbers", Text, nullable=False),
    )
    op.execute(update(version_1.schema_version).values(version=3))


def _key_of(owner: str) -> Column[int]:
    return Column(
        f"{owner}_key",
        Integer,
        ForeignKey(f"{owner}s.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
