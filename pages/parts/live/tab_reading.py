"""Keeps in a tab what its camera is doing, for when the server forgets it.

A server that is started again, or that a tab could not reach for minutes, knows nothing of the tab
any more: Streamlit reconnects it and runs its page as for a first visit. The note is in the tab's
window object alone, so that a reload, another tab, or a later visit finds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import streamlit as st

from core.domain.plain_values import from_plain, to_plain
from pages.parts.shell import session_state

_KEY = "unseen-reading"
_KEEP = """
function watchedTab() {
  const tab = { note: null };
  window.addEventListener("pagehide", () => { tab.note = null; });
  return tab;
}

export default function ({ data, setStateValue }) {
  const tab = (window.mienReading ??= watchedTab());
  if (data.asks) setStateValue("note", tab.note ?? {});
  else tab.note = data.note;
}
"""


@dataclass(frozen=True)
class TabReading:
    """What the camera of a tab is doing.

    Attributes:
        receipt: signed; names the session that is recorded.
        here: whether the browser reads the faces.
        paused: whether it is paused.
        model: name of the model that was chosen; empty for the best one.
        resolution: name of the camera's.
        shown_as: name of the view of scores.
        practice: id of the practice that it measures; empty for none.
    """

    receipt: str
    here: bool
    paused: bool
    model: str
    resolution: str
    shown_as: str
    practice: str = ""


def keep(reading: TabReading | None) -> None:
    """Keep this in the tab, in place of what it kept before; None while the camera is off."""
    _draw({"asks": False, "note": None if reading is None else to_plain(reading)})


def ask() -> TabReading | bool:
    """What the tab kept.

    Returns:
        False until it has answered, True if it kept nothing.
    """
    note = session_state.tab_note.get()
    if note is None:
        # Read beforehand: once it has answered, `keep` is drawn in the same place.
        note = getattr(session_state.component_state(_KEY), "note", None)
        if note is None:
            # Other data each time: the browser answers what has changed.
            _draw({"asks": True, "note": None, "drawn": monotonic()})
            return False
        # Load-bearing: a browser forgets the state of what is not drawn any more. It was asked
        # again then, and its answer cut off the run of a press on "I agree", which was lost.
        session_state.tab_note.set(note)
    try:
        return from_plain(TabReading, note)
    except (ValueError, TypeError):  # untrusted, and empty where nothing was kept
        return True


def _draw(data: dict[str, object]) -> None:
    component = st.components.v2.component("mien_reading_keeper", js=_KEEP)
    component(key=_KEY, data=data, on_note_change=lambda: None)
