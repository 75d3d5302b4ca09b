"""A session's summary as small tables: faces, and marks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.counted import counted
from core.measures import ENOUGH_USABLE, FaceSummary, SessionSummary
from pages.parts.shell.theme import clock_time, duration, expression_word, percent

_HEADER_PX, _ROW_PX = 36, 35
_MAX_ROWS = 11.5  # half a row shows that there are more


def draw_rate(summary: SessionSummary) -> None:
    """Frames analysed, and their mean rate."""
    st.caption(
        f"Frames analysed **{summary.frames:,}** &ensp; Mean FPS **{summary.mean_fps:.1f}**",
        help="From the stored rows: frames over the time analysed, without pauses.",
    )


def draw_hardly_usable(summary: SessionSummary) -> None:
    """A note on faces that were hardly usable; nothing without any."""
    few = summary.hardly_usable_faces
    if few:
        st.caption(
            f":material/info: {few} of {counted(len(summary.faces), 'face')} "
            f"{'was' if few == 1 else 'were'} usable for less than {percent(ENOUGH_USABLE)} of the "
            f"time in view: {'its' if few == 1 else 'their'} figures are unreliable. Unusable "
            "time, below, lists the reasons."
        )


def draw_faces(summary: SessionSummary) -> None:
    """Each face's time and shares, one row per face."""
    st.markdown("**By face** · shares of its own usable time")
    shares = {
        expression_word(label): [_share(one, label) for one in summary.faces]
        for label in summary.shares
    }
    _draw_table_of_faces(summary, shares)


def draw_times_of_faces(summary: SessionSummary) -> None:
    """The same without what the faces showed."""
    st.markdown("**By face**")
    _draw_table_of_faces(summary, {})


def _draw_table_of_faces(summary: SessionSummary, more: dict[str, list[str]]) -> None:
    table = pd.DataFrame(
        {
            "Face": [f"Face {one.face_id}" for one in summary.faces],
            "In view": [duration(one.seen_s) for one in summary.faces],
            "Usable time": [duration(one.usable_s) for one in summary.faces],
        }
        | more
    )
    if table.empty:
        st.caption("No face was in view.")
        return
    st.dataframe(table, hide_index=True, height=height_of(table), key="faces")


def draw_marks(marks: Sequence[tuple[float, str]]) -> None:
    """Times and labels of the marks."""
    if not marks:
        return
    st.markdown("**Marks**")
    table = pd.DataFrame(
        {
            "At": [clock_time(time_s) for time_s, _ in marks],
            "Mark": [words for _, words in marks],
        }
    )
    st.dataframe(table, hide_index=True, height=height_of(table), key="marks")


def height_of(table: pd.DataFrame) -> int:
    """Height in pixels of a table, which scrolls beyond `_MAX_ROWS`."""
    return int(_HEADER_PX + _ROW_PX * min(_MAX_ROWS, len(table)))


def _share(face: FaceSummary, label: str) -> str:
    """A share of a face's usable time; a dash where it has none, which is not zero."""
    return percent(face.shares.get(label, 0.0)) if face.shares else "-"
