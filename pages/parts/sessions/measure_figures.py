"""All measures of one face: a figure of each, and one of them over time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from core.domain.session_event import EventKind
from core.measures import MEASURES, MeasureFigure
from pages.parts.policy import consent_gate
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import measure_chart
from pages.parts.sessions.excerpt import Excerpt
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain

_CARD_PX = 168  # two side by side on a phone
_INDICES = ("engagement_index", "concentration_index")  # none in classrooms of the EU
_GROUP_HELP = (
    "Each figure is the mean over the seconds in which the measure has a value; beside it stands "
    "which share of the face's time in view that is. Point at the question marks for definitions, "
    "and for what each measure cannot tell."
)


def choose_face(excerpt: Excerpt, face_ids: Sequence[int]) -> int | None:
    """Whose measures are shown: the face looked at, or where that is everybody, the first unless
    another is chosen; None where the session has no face.
    """
    if excerpt.face_id is not None or len(face_ids) < 2:
        return excerpt.face_id or next(iter(face_ids), None)
    return st.selectbox(
        "Face measured",
        face_ids,
        format_func=lambda one: f"Face {one}",
        key=f"measured-face-{excerpt.session_id}",
        help="Measures are of one person.",
        width=180,
    )


def draw_measures(
    excerpt: Excerpt, face_id: int, *, left_out: Collection[str] = frozenset()
) -> None:
    """A figure of each measure, and a chart of one of them.

    Args:
        left_out: ids of measures that are not shown.
    Raises:
        UnknownSession, StoreError.
    """
    st.markdown(f"**Measures** · of face {face_id}", help=_GROUP_HELP)
    figures = sessions_cached.figures_of(excerpt, face_id)
    if not consent_gate.may_show_expressions():
        figures = tuple(one for one in figures if one.measure.id not in _INDICES)
    figures = tuple(one for one in figures if one.measure.id not in left_out)
    with st.container(horizontal=True, gap="small"):
        for figure in figures:
            _draw_figure(figure)
    _draw_chart(excerpt, face_id, {one.measure.id: one for one in figures})


def _draw_figure(figure: MeasureFigure) -> None:
    with st.container(width=_CARD_PX, gap=None):
        title, text = plain(figure.measure.title), plain(figure.text)
        st.markdown(f"{title}  \n**{text}**", help=plain(figure.help))
        st.caption(plain(figure.note))


def _draw_chart(excerpt: Excerpt, face_id: int, figures: dict[str, MeasureFigure]) -> None:
    drawn = [one for one in measure_chart.PARTS_OVER_TIME if one in figures]
    chosen = st.pills(
        "Over time",
        drawn,
        default=drawn[0],
        required=True,
        wrap=True,
        format_func=lambda one: MEASURES[one].title,
        key="measure-over-time",
    )
    figure, measure = figures[chosen], MEASURES[chosen]
    if not figure.values:
        st.caption(f"{plain(measure.title)} was not measured here. {plain(figure.note)}")
        return
    over_time = sessions_cached.measure_over_time(excerpt, face_id, chosen)
    marks = [
        (one.time_s, one.words)
        for one in sessions_cached.rows_of(excerpt.session_id, excerpt.rows).events
        if one.kind is EventKind.MARK and excerpt.from_s <= one.time_s <= excerpt.to_s
    ]
    st.plotly_chart(
        shell_charts.escape_figure(measure_chart.measure_over_time(measure, over_time, marks)),
        config=shell_charts.CONFIG,
        key=f"measure-{excerpt.session_id}",
        alt=f"Line chart: {measure.title} over the session; grey where it was not measured.",
    )
    st.caption(plain(measure.limits))
