"""Goes on by itself after the server was started again, where the camera of this tab was on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import streamlit as st

from core.domain import AnalysisSite
from core.domain.errors import UnknownSession
from core.domain.wording import words_of_id
from core.live import LiveSession
from core.sessions import SessionEntry
from pages.parts.eye.cached import row_ingest
from pages.parts.live import resolution, tab_reading
from pages.parts.live.tab_reading import TabReading
from pages.parts.sessions import cached
from pages.parts.shell import session_state

GOES_ON_FOR = timedelta(minutes=5)
"""So long after a session's last sign of life its camera goes on: rows wait as long in a browser.
Later, whoever sat there may have left."""

WENT_ON = (
    "The connection to the server was lost for a while. What was read until then is kept; reading "
    "goes on as a new session."
)
TOO_LATE = (
    "The connection to the server was lost for more than 5 minutes. What was read until then is "
    "kept. Switch the camera on to go on."
)


def learn() -> TabReading | bool:
    """What this tab's camera was doing when the server lost sight of it.

    It is asked for once, and only where a page with the camera is the first one that this server
    draws for the tab: whoever came from another page had left the camera.

    Returns:
        False until the tab has answered, True for nothing.
    """
    return True if session_state.tab_asked.get() else tab_reading.ask()


def go_on(known: TabReading | bool, wish: Callable[[TabReading], None] = lambda _: None) -> None:
    """Have the camera switched on again, with the same choices; behind the gates of the camera.

    Nothing is consumed by it: the wish lasts until the switches are drawn (`controls.arrive`), as
    any rerun may be cut off by the next one.

    Args:
        wish: called where it goes on, for what else the page goes on with.
    Raises:
        StoreError: the database cannot be read.
    """
    if session_state.tab_asked.get():
        return
    if isinstance(known, TabReading) and (lost := row_ingest().session_of(known.receipt)):
        session_id, began_at = lost
        entry = _entry(session_id)
        alive_at = began_at if entry is None else entry.last_write_at
        session_state.announced.set((*session_state.announced.get(), session_id))
        if abs(datetime.now(UTC) - alive_at) <= GOES_ON_FOR:
            _wish(known, session_id, entry)
            wish(known)
        else:
            session_state.arrival_note.set(TOO_LATE)
    session_state.tab_asked.set(True)


def keep(live: LiveSession, site: AnalysisSite, practice: str = "") -> None:
    """Have the tab keep what its camera is doing now.

    Args:
        practice: id of the practice that it measures; empty for none.
    """
    session_id = session_state.recorded_session.get()
    if session_id is None or not session_state.camera_on.get():
        tab_reading.keep(None)
        return
    known = session_state.reading_receipt.get()
    if known is None or known[0] != session_id:
        known = (session_id, row_ingest().receipt(session_id))
        session_state.reading_receipt.set(known)
    tab_reading.keep(
        TabReading(
            receipt=known[1],
            here=site is AnalysisSite.BROWSER,
            paused=live.view().paused,
            model=session_state.chosen_card.get() or "",
            resolution=resolution.chosen().name,
            shown_as=session_state.shown_as.get(),
            practice=practice,
        )
    )


def draw_notice() -> None:
    """One sentence while the session lasts that went on by itself."""
    went_on = session_state.went_on.get()
    if went_on and went_on == session_state.recorded_session.get():
        st.info(WENT_ON, icon=":material/restart_alt:")


def _entry(session_id: str) -> SessionEntry | None:
    """The session that the tab recorded; None if nothing of it is stored.

    Raises:
        StoreError: the database cannot be read.
    """
    try:
        return cached.store().entry(session_id)
    except UnknownSession:  # the server ended within its first seconds, or it was deleted
        return None


def _wish(reading: TabReading, session_id: str, entry: SessionEntry | None) -> None:
    title = "" if entry is None else entry.session.title
    stored_s = entry.last_s + entry.session.paused_s if entry is not None and entry.rows else -1.0
    session_state.reads_here.set(reading.here)
    session_state.chosen_card.set(reading.model or None)
    session_state.camera_resolution.set(reading.resolution)
    session_state.shown_as.set(reading.shown_as)
    if not title.endswith(words_of_id(session_id)):  # a default title names its own time
        session_state.next_title.set(title)
    session_state.begins_paused.set(reading.paused)
    session_state.lost_session.set((session_id, stored_s))
    session_state.camera_autostart.set(True)
