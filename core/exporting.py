"""A stored session as files, with the columns that other rooms measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.errors import ModelError
from core.library import load_card
from core.measures import facing, perclos
from core.sessions import Measured, SessionStore, csv_bytes, zip_bytes
from core.vocabulary import Timeline


def measured_of(timeline: Timeline) -> Measured:
    """The columns of the session file that follow from all rows together."""
    closed = np.full(len(timeline), np.nan)
    for face_id in timeline.face_ids:
        closed[timeline.face_id == face_id] = perclos(timeline, face_id)
    return Measured(facing=facing(timeline.pose), perclos_60s=closed)


def export_csv(store: SessionStore, session_id: str) -> bytes:
    """The session as CSV.

    Raises:
        UnknownSession, StoreError.
    """
    session, timeline = store.look(session_id).session, store.read(session_id)
    return csv_bytes(session, timeline, measured_of(timeline))


def export_zip(store: SessionStore, session_id: str, models_dir: Path) -> bytes:
    """CSV, codebook and facts, the model's card among them while it is on the shelf.

    Raises:
        UnknownSession, StoreError.
    """
    session, timeline = store.look(session_id).session, store.read(session_id)
    try:
        about = {"model": load_card(models_dir, session.card_name).to_json()}
    except ModelError:
        about = {}
    return zip_bytes(session, timeline, measured_of(timeline), about)
