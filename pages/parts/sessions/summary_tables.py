"""A session's summary as small tables: faces, and marks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain import EXPRESSIVENESS3
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


def word_of(summary: SessionSummary) -> str:
    """What the labels of a view are called: levels of expressiveness are no expressions."""
    return "level" if summary.labels == EXPRESSIVENESS3.labels else "expression"


def draw_changes(summary: SessionSummary) -> None:
    """When what was shown changed and stayed, as a table."""
    changes, word = summary.changes, word_of(summary)
    counted_changes = f" ({len(changes):,})" if changes else ""
    st.markdown(
        f"**{word.capitalize()} changes**{counted_changes} · a new {word} that stayed for a "
        "second or more"
    )
    if not changes:
        st.caption(f"No {word} of a second or more was followed by another one.")
        return
    table = pd.DataFrame(
        {
            "At": [clock_time(one.time_s) for one in changes],
            "Face": [f"Face {one.face_id}" for one in changes],
            "From": [expression_word(one.before) for one in changes],
            "To": [expression_word(one.after) for one in changes],
        }
    )
    st.dataframe(table, hide_index=True, height=height_of(table), key="changes")


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
