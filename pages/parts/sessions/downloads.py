"""Downloads of a session, made on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from core.domain import LabelScheme, Session
from core.sessions import ShownAs, codebook_bytes
from core.sessions.exporters import (
    EXPORTS,
    LEAST_BIN_S,
    LONGEST_BIN_S,
    SECOND,
    ExportBatch,
    ExportSource,
    Pseudonyms,
)

_FIRST = {".csv": "Download CSV", ".zip": "All files (ZIP)"}
"""What most people take: a button each."""

_OTHERS = [ending for ending in EXPORTS if ending not in _FIRST]


def draw_downloads(
    session: Session, scheme: LabelScheme, make: Callable[[], ExportSource], *, shown_as: ShownAs
) -> None:
    """A button for CSV, archive and codebook, and every other format of `EXPORTS` in a popover.

    The files are made in a thread of their own when a button is pressed: a long session's CSV
    takes seconds, and most visits download nothing. Put them into a horizontal container.

    Args:
        scheme: the model's classes.
        make: everything that the files are made of; called in that thread.
        shown_as: the view of the session, for the codebook.
    """
    for ending, label in _FIRST.items():
        _draw_button(session.id, ending, label, make)
    st.download_button(
        "Codebook",
        partial(codebook_bytes, scheme, shown_as),
        file_name="codebook.csv",
        mime="text/csv",
        icon=":material/menu_book:",
        on_click="ignore",
        key="download-codebook",
        help="What each column means, with units, and how each figure of the summary follows.",
    )
    with st.popover("More formats", icon=":material/file_export:", key="more-formats"):
        _draw_others(session, make)


def _draw_others(session: Session, make: Callable[[], ExportSource]) -> None:
    session_id, may_all = session.id, session.consent_at is not None
    ending = st.selectbox(
        "Format",
        [one for one in _OTHERS if may_all or not EXPORTS[one].needs_consent],
        format_func=lambda one: EXPORTS[one].title,
        key=f"format-{session_id}",
    )
    st.caption(EXPORTS[ending].about)
    bin_s = SECOND
    if EXPORTS[ending].has_bins:
        bin_s = st.number_input(
            "Length of a bin in seconds",
            min_value=LEAST_BIN_S,
            max_value=LONGEST_BIN_S,
            value=SECOND,
            key=f"bin-{session_id}",
        )
    hidden = st.toggle(
        "Without identifiers",
        key=f"hidden-{session_id}",
        help="Ids, names and words that people wrote become numbers; times of day are left out.",
    )
    name = "session" if hidden else session_id
    label = f"Download {EXPORTS[ending].title}"
    _draw_button(name, ending, label, partial(_changed, make, bin_s, hidden=hidden), key="other")


def _draw_button(
    name: str, ending: str, label: str, make: Callable[[], ExportSource], *, key: str = ""
) -> None:
    st.download_button(
        label,
        partial(_content, ending, make),
        file_name=f"{name}{ending}",
        mime=EXPORTS[ending].mime,
        icon=":material/folder_zip:" if ending == ".zip" else ":material/download:",
        on_click="ignore",
        key=f"download-{key or ending[1:]}",
    )


def _content(ending: str, make: Callable[[], ExportSource]) -> bytes:
    return EXPORTS[ending].content(ExportBatch.of(make()))


def _changed(make: Callable[[], ExportSource], bin_s: float, *, hidden: bool) -> ExportSource:
    source = replace(make(), bin_s=bin_s)
    return Pseudonyms().hide(source) if hidden else source
