"""Finding the class to join: by its link, or by the code that is typed."""

from __future__ import annotations

import streamlit as st

from core.classroom import classroom, classroom_of_link, code_from
from core.domain.classroom import CODE_LENGTH, Classroom
from core.domain.errors import UnknownClassroom
from pages.parts.join import tab_state
from pages.parts.join.cached import guess_limit
from pages.parts.sessions.cached import store
from pages.parts.shell.theme import plain

LINK, OWN = "class", "me"
"""Query parameters: of the link for learners, and of a learner's own link."""

NO_CODE = f"This is no code: one has {CODE_LENGTH} letters and digits, without 0, 1, I and O."
NO_CLASS = "No open class has this code. Look again, or ask the teacher whether it is still open."
NO_LINK = (
    "There is no class at this link. It may have been deleted: ask for another link, or type the "
    "code."
)
CLOSED = "This class is closed. Ask the teacher to open it again, then reload this page."


def draw_finding() -> Classroom | None:
    """The open class that was found; None while there is none, which says why and asks.

    Raises:
        StoreError: the database cannot be read.
    """
    if token := st.query_params.get(LINK, ""):
        found = classroom_of_link(store(), token)
        if found is not None and found.is_open:
            return found
        if found is not None:
            st.info(f"**{plain(found.title)}**\n\n{CLOSED}", icon=":material/lock:")
            return None
        st.warning(NO_LINK, icon=":material/link_off:")
    return _chosen() or _ask_code()


def _chosen() -> Classroom | None:
    """The class whose code was typed in this tab."""
    if not (known := tab_state.found_class.get()):
        return None
    try:
        found = classroom(store(), known)
    except UnknownClassroom:
        found = None
    if found is None or not found.is_open:
        tab_state.found_class.set("")
        st.warning(NO_CLASS, icon=":material/lock:")
        return None
    return found


def _ask_code() -> Classroom | None:
    place = st.empty()
    with place.container(), st.form("join-code-form", border=False):
        st.write("The teacher shows a code, or gives you a link.")
        typed = st.text_input("Code", key="join-code", max_chars=40, placeholder="ABC234")
        if not st.form_submit_button("Next", type="primary", width="stretch"):
            return None
        found = _look_up(typed)
    if found is not None:
        tab_state.found_class.set(found.id)
        place.empty()
    return found


def _look_up(typed: str) -> Classroom | None:
    if (code := code_from(typed)) is None:
        st.warning(NO_CODE)
        return None
    found = guess_limit().find(store(), code, address=address_of_visitor())
    if found is None:
        st.warning(NO_CLASS)
    return found


def address_of_visitor() -> str:
    """By which wrong codes are counted; empty where it is not known."""
    return st.context.ip_address or ""
