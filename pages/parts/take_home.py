"""A session as files to take home, made when they are asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.exporting import measured_of
from core.sessions import codebook_bytes, csv_bytes, zip_bytes
from core.vocabulary import ModelCard, Session, Timeline


def draw_downloads(session: Session, timeline: Timeline, card: ModelCard | None) -> None:
    """Buttons for the CSV, for everything in one archive, and for the codebook.

    The files are written in a thread of their own when a button is pressed: a long session's CSV
    takes seconds, and most visits download nothing. Put them into a horizontal container.
    """
    about = {} if card is None else {"model": card.to_json()}
    st.download_button(
        "Download CSV",
        partial(session_csv, session, timeline),
        file_name=f"{session.id}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download-csv",
    )
    st.download_button(
        "Everything (ZIP)",
        lambda: zip_bytes(session, timeline, measured_of(timeline), about),
        file_name=f"{session.id}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        key="download-zip",
    )
    st.download_button(
        "Codebook",
        partial(codebook_bytes, timeline.scheme),
        file_name="codebook.csv",
        mime="text/csv",
        icon=":material/menu_book:",
        on_click="ignore",
        key="download-codebook",
        help="What each column means, with units.",
    )


def session_csv(session: Session, timeline: Timeline) -> bytes:
    """One row a face a moment, with the columns that are measured afterwards."""
    return csv_bytes(session, timeline, measured_of(timeline))
