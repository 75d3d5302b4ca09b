"""Class: a teacher opens a class, and sees the room while teaching."""

from __future__ import annotations

import streamlit as st

from core.classroom import (
    classroom_of_projector,
    classroom_of_teacher,
    link_token_of_projector,
    projector_token,
)
from core.classroom.invitation import PROJECTOR_QUERY, TEACHER_QUERY, projector_address
from core.domain.classroom import Classroom
from core.policy import UsePolicy, class_refusal, class_rules
from pages.parts.classroom import tab_state
from pages.parts.classroom.after_class import draw_after
from pages.parts.classroom.board import draw_board
from pages.parts.classroom.example_board import draw_example
from pages.parts.classroom.manage import draw_manage
from pages.parts.classroom.opening import draw_opening
from pages.parts.classroom.projector import draw_projector
from pages.parts.policy import policy_form
from pages.parts.policy.consent_gate import current_policy
from pages.parts.sessions.cached import store
from pages.parts.shell import error_box
from pages.parts.shell.navigation import RESPONSIBLE_USE, TEACH_CLASS, open_page
from pages.parts.shell.theme import plain


def _draw_page() -> None:
    if token := st.query_params.get(PROJECTOR_QUERY, ""):
        _draw_projector(token)
        return
    secret = st.query_params.get(TEACHER_QUERY) or tab_state.taught_class.get()
    classroom = classroom_of_teacher(store(), secret) if secret else None
    if classroom is None:
        _draw_start(is_unknown=bool(secret))
        return
    tab_state.taught_class.set(secret)
    st.query_params[TEACHER_QUERY] = secret  # also after another page: a bookmark leads back
    policy = _allowing(classroom)
    if policy is None:
        draw_manage(classroom, secret)
        return
    _draw_class(classroom, secret, policy)


def _draw_projector(token: str) -> None:
    """What everybody in the room may see, by a link of its own."""
    classroom = classroom_of_projector(store(), token)
    if classroom is None:
        st.title(TEACH_CLASS.title, anchor=False)
        st.error(
            "This link opens no class: it was deleted, or the link is incomplete. Press "
            "Projector view on the teacher's page once more.",
            icon=":material/link_off:",
        )
    elif policy := _allowing(classroom):
        draw_projector(classroom, link_token_of_projector(token), policy)


def _allowing(classroom: Classroom) -> UsePolicy | None:
    """The policy, where it allows what the class shares; otherwise why it does not is drawn."""
    policy = current_policy()
    refusal = class_refusal(policy, classroom)
    if policy is not None and not refusal:
        return policy
    st.title(plain(classroom.title), anchor=False)
    st.warning(plain(refusal), icon=":material/block:")
    st.page_link(RESPONSIBLE_USE.path, label="Open Responsible use", icon=RESPONSIBLE_USE.icon)
    return None


def _draw_start(*, is_unknown: bool) -> None:
    """Where this tab teaches no class."""
    st.title(TEACH_CLASS.title, anchor=False)
    if deleted := tab_state.class_deleted.take():
        st.success(
            f"Deleted: {plain(deleted)}, with everything shared in it.", icon=":material/check:"
        )
    if is_unknown:
        tab_state.taught_class.set("")
        st.error(
            "This link opens no class: it was deleted, or the link is incomplete. Copy it once "
            "more as a whole, or open a new class.",
            icon=":material/link_off:",
        )
    policy = current_policy()
    if policy is None:
        st.write("Say once where and for what Mien is used: it decides what a class may show.")
        policy_form.draw_form(None)
        return
    draw_opening(policy)
    if not class_rules(policy).refusal:
        draw_example(policy)


def _draw_class(classroom: Classroom, secret: str, policy: UsePolicy) -> None:
    st.title(plain(classroom.title), anchor=False)
    with st.container(horizontal=True, gap="small"):
        if classroom.is_open:
            st.link_button(
                "Projector view",
                projector_address(st.context.url or "", projector_token(secret)),
                icon=":material/present_to_all:",
                help="A second window with large figures, without names and questions. Its "
                "address is another than your own link: with it, nothing can be changed.",
            )
        draw_manage(classroom, secret)
    if not classroom.is_open:
        draw_after(classroom, policy)
        return
    draw_board(classroom, secret, policy)


open_page(TEACH_CLASS.path)
with error_box.on_error():
    _draw_page()
