"""The board of a class that is open: private view."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.classroom.board import LOOKS_EVERY_S, BoardView
from core.domain.classroom import Classroom
from core.measures import NOT_SURE
from core.policy import UsePolicy
from pages.parts.classroom import charts
from pages.parts.classroom.alerts import draw_alerts
from pages.parts.classroom.cached import board_view
from pages.parts.classroom.figures import draw_figures, draw_small_figures
from pages.parts.classroom.invitation import draw_invitation
from pages.parts.classroom.learners import draw_learners
from pages.parts.classroom.lesson import lesson_chart
from pages.parts.classroom.manage import TOO_OLD, is_too_old
from pages.parts.classroom.marks import draw_last_mark, draw_marks
from pages.parts.classroom.mix_chart import mix_figure
from pages.parts.classroom.questions import draw_questions
from pages.parts.classroom.room_camera import draw_room_camera
from pages.parts.classroom.view_words import (
    count_words,
    mix_figures,
    now_figures,
    part_figures,
    too_few_words,
)
from pages.parts.eye.cached import class_ingest
from pages.parts.policy.consent_gate import current_policy
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box, fragments
from pages.parts.shell.theme import clock_time, plain

CHARTS_EVERY_S = 5.0
"""What changes with windows of ten seconds; figures of now each `LOOKS_EVERY_S`."""


_COLUMNS = (5, 2)
_TITLES_OF_PARTS = (
    "Parts of the index now: means of each usable learner's time, where the figures above count "
    "learners"
)
_TITLES_OF_MIX = "Expressions shown, shares of usable learners"


@dataclass(frozen=True)
class Drawn:
    """What a page was drawn for.

    Attributes:
        is_open: whether learners could join.
        has_learners: whether anybody had joined.
    """

    is_open: bool
    has_learners: bool


def draw_board(classroom: Classroom, secret: str, policy: UsePolicy) -> None:
    """How to join, alerts, figures of now, the lesson so far, hands, questions, marks, learners.

    Args:
        secret: the teacher's.
    Raises:
        StoreError, UnknownClassroom.
    """
    view = board_view(classroom, policy)
    drawn = Drawn(classroom.is_open, view.counts.joined > 0)
    if is_too_old(classroom):
        st.warning(TOO_OLD, icon=":material/event_busy:")
    draw_invitation(classroom, secret, is_awaited=not drawn.has_learners)
    now, alerts = st.columns(_COLUMNS, gap="large")
    with now:
        fragments.fragment(run_every=LOOKS_EVERY_S)(_draw_now)(classroom, policy, drawn)
        fragments.fragment()(_draw_mark_buttons)(classroom)
    with alerts:  # beside all this: three find room before what lies below has to move
        fragments.fragment(run_every=LOOKS_EVERY_S)(_draw_alerts)(classroom, policy)
    if drawn.has_learners:
        lesson, said = st.columns(_COLUMNS, gap="large")
        with lesson:
            fragments.fragment(run_every=CHARTS_EVERY_S)(_draw_lesson)(classroom, policy)
        with said:
            fragments.fragment(run_every=LOOKS_EVERY_S)(_draw_said)(classroom, policy)
    if st.toggle("Room camera", key="class-room-camera"):
        draw_room_camera(classroom)
    if view.listed and st.toggle("Show the list of learners", key="class-list"):
        fragments.fragment(run_every=CHARTS_EVERY_S)(_draw_list)(classroom, policy)


@error_box.on_error()
def _draw_now(classroom: Classroom, policy: UsePolicy, drawn: Drawn) -> None:
    view = board_view(classroom, policy)
    follow(policy, drawn, view)
    if drawn.has_learners:
        draw_figures(now_figures(view))
    counts = plain(" · ".join(count_words(view.counts)))
    st.caption(f"{clock_time(view.at_s)} · {counts}{plain(too_few_words(view))}")
    if trouble := class_ingest().trouble:
        st.warning(plain(f"What learners share waits on this server. {trouble}"))
    draw_last_mark(classroom, view.marks)


def follow(policy: UsePolicy, drawn: Drawn, view: BoardView) -> None:
    """Draw the whole page again where it was drawn for something else than what is so now.

    Load-bearing: compared at each look, as a redraw that is asked for may be lost.
    """
    now = Drawn(view.is_open, view.counts.joined > 0)
    if now != drawn or current_policy() != policy:
        st.rerun()


@error_box.on_error()
def _draw_alerts(classroom: Classroom, policy: UsePolicy) -> None:
    draw_alerts(board_view(classroom, policy))


@error_box.on_error()
def _draw_mark_buttons(classroom: Classroom) -> None:
    draw_marks(classroom)


@error_box.on_error()
def _draw_lesson(classroom: Classroom, policy: UsePolicy) -> None:
    draw_lesson(board_view(classroom, policy), key="class")


def draw_lesson(view: BoardView, *, key: str) -> None:
    """Charts over the lesson, and what the index and the mix are made of.

    Args:
        key: of the charts.
    """
    figure = charts.lesson_figure(lesson_chart(view))
    st.plotly_chart(
        shell_charts.escape_figure(figure), key=f"{key}-lesson", config=shell_charts.CONFIG
    )
    if parts := part_figures(view):
        draw_small_figures(_TITLES_OF_PARTS, parts)
        if view.sensitivity is not None and view.sensitivity.is_enough:
            st.caption(plain(view.sensitivity.sentence))
    if not view.mix:
        return
    draw_small_figures(_TITLES_OF_MIX, mix_figures(view))
    mix = {label: series.value for label, series in view.mix.items()}
    labels = tuple(label for label in view.mix if label != NOT_SURE)
    chart = lesson_chart(view)
    figure = mix_figure(chart.middle_s, labels, mix, last_s=charts.lesson_end_s(chart))
    st.plotly_chart(
        shell_charts.escape_figure(figure), key=f"{key}-mix", config=shell_charts.CONFIG
    )


@error_box.on_error()
def _draw_said(classroom: Classroom, policy: UsePolicy) -> None:
    draw_questions(board_view(classroom, policy))


@error_box.on_error()
def _draw_list(classroom: Classroom, policy: UsePolicy) -> None:
    draw_learners(board_view(classroom, policy))
