"""Calibrations of a session that cannot be read: damaged, or of a later version."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.errors import StoreError
from core.sessions.calibrations import calibration_from
from core.sessions.queries import calibration_query, key_of
from core.sessions.store import SessionStore


def unreadable_calibrations(store: SessionStore, session_id: str) -> tuple[int, ...]:
    """The faces whose calibration cannot be read; `SessionStore.calibrations` leaves them out.

    Raises:
        UnknownSession, StoreError.
    """
    with store.transaction("read") as connection:
        query = calibration_query(key_of(connection, session_id))
        rows = connection.execute(query).mappings().all()
    found = []
    for row in rows:
        try:
            calibration_from(row)
        except StoreError:
            found.append(int(row["face_id"]))
    return tuple(found)


def unreadable_text(face_ids: Sequence[int]) -> str:
    """What that means for the figures, and what to do, in two sentences.

    Args:
        face_ids: at least one.
    """
    faces = ", ".join(str(one) for one in face_ids)
    whose = f"face {faces}" if len(face_ids) == 1 else f"faces {faces}"
    return (
        f"The calibration of {whose} cannot be read: measures that need it are given as not "
        "calibrated, and all others as ever. Update Mien, or restore the database from a copy."
    )
