"""Closing, reopening and deleting a class."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.classroom import close_classroom, delete_classroom, reopen_classroom
from core.classroom.board import LONGEST_S
from core.domain.classroom import Classroom
from pages.parts.classroom import tab_state
from pages.parts.classroom.cached import forget_boards
from pages.parts.classroom.invitation import draw_own_link
from pages.parts.sessions.cached import store
from pages.parts.shell import error_box, presses

TOO_OLD = (
    "This class was opened a week ago or longer: its board shows nothing that is shared now. Open "
    "another class."
)


def is_too_old(classroom: Classroom) -> bool:
    """Whether a class was opened so long ago that its board shows nothing new."""
    return classroom.second_at(datetime.now(UTC)) >= LONGEST_S


def draw_manage(classroom: Classroom, secret: str) -> None:
    """Buttons that end or resume sharing, delete, and leave for another class; put them into a
    horizontal container. Load-bearing: each acts before the page is drawn again, as the board's
    next look may cut that off, and with it a press that only the drawing would have seen.

    Args:
        secret: the teacher's.
    Raises:
        StoreError, UnknownClassroom.
    """
    if classroom.is_open:
        st.button(
            "Close the class",
            icon=":material/stop_circle:",
            key="class-close",
            on_click=_close,
            args=(classroom,),
            help="Ends sharing at once for everybody. Figures stay, and you can reopen it.",
        )
    else:
        too_old = is_too_old(classroom)
        st.button(
            "Reopen",
            icon=":material/play_circle:",
            key="class-reopen",
            on_click=_reopen,
            args=(classroom,),
            disabled=too_old,
            help=TOO_OLD if too_old else "Learners come back by the same code or link.",
        )
    with st.popover("Another class", icon=":material/add:"):
        st.write("This class stays as it is, and open if it is.")
        draw_own_link(secret)
        st.button("I kept the link, open another class", key="class-another", on_click=_leave)
    with st.popover("Delete", icon=":material/delete:"):
        st.write(
            "The class goes with everything shared in it: rows of all learners, their names, "
            "flags and questions, and your marks. Learners lose their own rows too. This cannot "
            "be undone."
        )
        sure = st.checkbox("Yes, delete all of it.", key="class-delete-sure")
        st.button(
            "Delete for good",
            type="primary",
            disabled=not sure,
            key="class-delete",
            on_click=_delete,
            args=(classroom,),
        )


@error_box.on_error()
def _close(classroom: Classroom) -> None:
    close_classroom(store(), classroom.id, now=datetime.now(UTC))


@error_box.on_error()
def _reopen(classroom: Classroom) -> None:
    reopen_classroom(store(), classroom.id)


@presses.once
@error_box.on_error()
def _delete(classroom: Classroom) -> None:
    delete_classroom(store(), classroom.id)
    forget_boards()
    tab_state.class_deleted.set(classroom.title)
    _leave()


def _leave() -> None:
    tab_state.taught_class.set("")
    st.query_params.clear()
