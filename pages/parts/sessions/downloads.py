"""Downloads of a session, made on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.domain import Session, Timeline
from core.sessions import DerivedColumns, ShownAs, codebook_bytes
from core.sessions.exporters import EXPORTS, ExportFormat

_ICONS = {".zip": ":material/folder_zip:"}


def draw_downloads(
    session: Session,
    timeline: Timeline,
    about: Mapping[str, Any],
    *,
    measure: Callable[[], DerivedColumns],
    shown_as: ShownAs,
) -> None:
    """A button for each of `EXPORTS`, and one for the codebook.

    The files are made in a thread of their own when a button is pressed: a long session's CSV
    takes seconds, and most visits download nothing. Put them into a horizontal container.

    Args:
        timeline: with the model's own scores.
        about: further facts for the archive (`file_facts`).
        measure: the columns that follow from all rows, as the session is shown.
        shown_as: the same view, for the codebook.
    """
    for ending, form in EXPORTS.items():
        st.download_button(
            form.title,
            partial(_content, form, session, timeline, measure, about),
            file_name=f"{session.id}{ending}",
            mime=form.mime,
            icon=_ICONS.get(ending, ":material/download:"),
            on_click="ignore",
            key=f"download-{ending[1:]}",
        )
    st.download_button(
        "Codebook",
        partial(codebook_bytes, timeline.scheme, shown_as),
        file_name="codebook.csv",
        mime="text/csv",
        icon=":material/menu_book:",
        on_click="ignore",
        key="download-codebook",
        help="What each column means, with units, and how each figure of the summary follows.",
    )


def _content(
    form: ExportFormat,
    session: Session,
    timeline: Timeline,
    measure: Callable[[], DerivedColumns],
    about: Mapping[str, Any],
) -> bytes:
    return form.write(session, timeline, measure(), about)
