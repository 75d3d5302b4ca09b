"""The Projector view: large, without names, questions and alerts."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.classroom.board import LOOKS_EVERY_S
from core.domain.classroom import Classroom
from core.policy import UsePolicy
from pages.parts.classroom import charts
from pages.parts.classroom.board import CHARTS_EVERY_S, Drawn, follow
from pages.parts.classroom.cached import board_view
from pages.parts.classroom.figures import draw_figures
from pages.parts.classroom.full_screen import draw_full_screen
from pages.parts.classroom.invitation import draw_code
from pages.parts.classroom.lesson import lesson_chart
from pages.parts.classroom.view_words import count_words, now_figures
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box, fragments
from pages.parts.shell.theme import plain

# Letters of 50 px and more: on a picture 2 m wide they are read from 10 m.
_SIZE, _COUNTS_SIZE = "clamp(1.3rem, 2.7vw, 3.6rem)", "clamp(1.2rem, 2.7vw, 3.4rem)"
_CHART_SCALE = 1.9
_STYLE = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"] {
  display: none; }
[data-testid="stMainBlockContainer"] { max-width: none; padding: 1.2rem 2.5vw; }
</style>"""


def draw_projector(classroom: Classroom, token: str, policy: UsePolicy) -> None:
    """Figures of now and the lesson so far; before anybody joined, the code.

    Args:
        token: of the link for learners.
    Raises:
        StoreError, UnknownClassroom.
    """
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.header(plain(classroom.title), anchor=False)
        draw_full_screen()
    view = board_view(classroom, policy)
    drawn = Drawn(classroom.is_open, view.counts.joined > 0)
    if classroom.is_open and not drawn.has_learners:
        draw_code(classroom, token, large=True)
    fragments.fragment(run_every=LOOKS_EVERY_S)(_draw_now)(classroom, policy, drawn)
    if drawn.has_learners:
        fragments.fragment(run_every=CHARTS_EVERY_S)(_draw_lesson)(classroom, policy)
        if classroom.is_open:
            with st.expander(f"Join: {plain(classroom.code)}", icon=":material/qr_code:"):
                draw_code(classroom, token, large=True)


@error_box.on_error()
def _draw_now(classroom: Classroom, policy: UsePolicy, drawn: Drawn) -> None:
    view = board_view(classroom, policy)
    follow(policy, drawn, view)
    if not drawn.is_open:
        st.header("This class is closed. Nothing is shared any more.", anchor=False)
    if drawn.has_learners:
        draw_figures(now_figures(view), size=_SIZE)
    words = escape(" · ".join(count_words(view.counts)[:3]))
    st.html(f'<div style="font-size:{_COUNTS_SIZE}">{words}</div>')


@error_box.on_error()
def _draw_lesson(classroom: Classroom, policy: UsePolicy) -> None:
    chart = lesson_chart(board_view(classroom, policy), for_all=True)
    figure = charts.lesson_figure(chart, scale=_CHART_SCALE)
    st.plotly_chart(
        shell_charts.escape_figure(figure), key="projector-lesson", config=shell_charts.CONFIG
    )
