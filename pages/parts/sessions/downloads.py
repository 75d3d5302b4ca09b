"""A session as files to take home, made when they are asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.domain import ModelCard, Session, Timeline
from core.measures import ScoreView
from core.sessions import ShownAs, codebook_bytes, csv_bytes, zip_bytes
from core.sessions.exporters import measured_of


def draw_downloads(
    session: Session,
    timeline: Timeline,
    card: ModelCard | None,
    *,
    not_sure_below: float,
    shown_as: ScoreView,
) -> None:
    """Buttons for the CSV, for everything in one archive, and for the codebook.

    The files are written in a thread of their own when a button is pressed: a long session's CSV
    takes seconds, and most visits download nothing. Put them into a horizontal container.

    Args:
        timeline: as the model answered.
        not_sure_below, shown_as: as the session is shown; the files hold the same.
    """
    about = {} if card is None else {"model": card.to_json()}
    measure = partial(measured_of, timeline, not_sure_below=not_sure_below, shown_as=shown_as)
    st.download_button(
        "Download CSV",
        lambda: csv_bytes(session, timeline, measure()),
        file_name=f"{session.id}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download-csv",
    )
    st.download_button(
        "All files (ZIP)",
        lambda: zip_bytes(session, timeline, measure(), about),
        file_name=f"{session.id}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        key="download-zip",
    )
    st.download_button(
        "Codebook",
        partial(codebook_bytes, timeline.scheme, ShownAs(shown_as.scheme.labels, not_sure_below)),
        file_name="codebook.csv",
        mime="text/csv",
        icon=":material/menu_book:",
        on_click="ignore",
        key="download-codebook",
        help="What each column means, with units, and how each figure of the summary follows.",
    )
