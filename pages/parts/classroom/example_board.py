"""A board to look at before the first class."""

from __future__ import annotations

import streamlit as st

from core.policy import UsePolicy
from pages.parts.classroom.board import draw_lesson
from pages.parts.classroom.cached import example_view
from pages.parts.classroom.figures import draw_figures
from pages.parts.classroom.view_words import alert_words, count_words, now_figures
from pages.parts.shell.theme import clock_time, plain


def draw_example(policy: UsePolicy) -> None:
    """A made-up class with all that is allowed here, on request.

    Raises:
        StoreError: no temporary database can be written.
    """
    if not st.toggle("Show an example board", key="class-example"):
        return
    view = example_view(policy)
    st.caption(
        ":material/smart_toy: Synthetic: a program made these numbers; nobody was in this class."
    )
    draw_figures(now_figures(view))
    st.caption(f"{clock_time(view.at_s)} · {plain(' · '.join(count_words(view.counts)))}")
    for alert in view.alerts:
        st.markdown(f":material/notifications: {plain(alert_words(alert))}")
    draw_lesson(view, key="example")
