"""What a class leaves: the lesson over time, a report, and files."""

from __future__ import annotations

import streamlit as st

from core.domain.classroom import Classroom
from core.policy import UsePolicy
from pages.parts.classroom.board import draw_lesson
from pages.parts.classroom.cached import board_view
from pages.parts.classroom.view_words import count_words
from pages.parts.shell.theme import duration, plain, when


def draw_after(classroom: Classroom, policy: UsePolicy) -> None:
    """The lesson that is over.

    Raises:
        StoreError, UnknownClassroom.
    """
    view = board_view(classroom, policy)
    st.write("This class is closed: nothing is shared any more.")
    counts = plain(" · ".join(count_words(view.counts)))
    st.caption(f"{when(classroom.opened_at)}, {duration(view.at_s)} · {counts}")
    draw_lesson(view, key="after")
