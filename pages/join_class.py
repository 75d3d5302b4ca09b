"""Join a class: see what is shared, agree, take part; pause, leave or delete at any time."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.classroom import JoinRequest, join, learner_of_secret
from core.domain.classroom import Classroom, Learner
from core.domain.errors import StoreError
from core.policy import class_notice_version, class_refusal
from pages.parts.join import tab_state
from pages.parts.join.finding import LINK, OWN, draw_finding
from pages.parts.join.joining import draw_joining
from pages.parts.join.own_data import GONE, draw_own_data
from pages.parts.join.taking_part import CLOSED, begin, draw_new_notice, draw_taking_part
from pages.parts.policy.consent_gate import use_policy
from pages.parts.sessions.cached import store
from pages.parts.shell import browser_download, error_box
from pages.parts.shell.navigation import JOIN_CLASS, open_page
from pages.parts.shell.theme import plain

_WIDTH_PX = 640


def _draw_page() -> None:
    browser_download.draw()
    with st.container(width=_WIDTH_PX), error_box.on_error():
        if note := tab_state.join_note.take():
            error_box.show_message(*note)
        if done := tab_state.join_done.take():
            tab_state.member.set(None)
            st.success(done, icon=":material/check:")
        elif _draw_member(_own_secret()):
            return
        st.query_params.pop(OWN, None)
        _draw_entry()


def _own_secret() -> str:
    """The secret of the own link; that of this tab where its visitor was on another page."""
    known = tab_state.member.get()
    if known is not None and not {OWN, LINK} & set(st.query_params):
        st.query_params[OWN] = known[0]
    return st.query_params.get(OWN, "")


def _draw_entry() -> None:
    """The way in: find the class, see what is shared, agree."""
    place = st.empty()
    with place.container():
        st.title(JOIN_CLASS.title, anchor=False)
        classroom = draw_finding()
        request = None if classroom is None else _ask(classroom)
    if classroom is None or request is None:
        return
    joined = join(store(), classroom.id, request, now=datetime.now(UTC))
    st.query_params.pop(LINK, None)
    st.query_params[OWN] = joined.secret
    tab_state.found_class.set("")
    tab_state.member.set((joined.secret, classroom, joined.learner))
    begin(joined.learner)
    place.empty()
    _draw_class(classroom, joined.learner, joined.secret)


def _ask(classroom: Classroom) -> JoinRequest | None:
    """Ask for consent, unless region and purpose forbid what the class shares."""
    if refusal := class_refusal(use_policy(), classroom):
        st.warning(plain(refusal), icon=":material/gavel:")
        return None
    return draw_joining(classroom)


def _draw_member(secret: str) -> bool:
    """Draw the class of a learner's own link; whether there is one, and otherwise say so."""
    if not secret:
        return False
    member = _member(secret)
    if member is None:
        st.info(GONE, icon=":material/link_off:")
        return False
    _draw_class(*member, secret)
    return True


def _member(secret: str) -> tuple[Classroom, Learner] | None:
    """Class and learner of an own link; as they were read last while the database is away, so that
    the camera goes on and can be paused.
    """
    known = tab_state.member.get()
    try:
        found = learner_of_secret(store(), secret)
    except StoreError as error:
        if known is None or known[0] != secret:
            raise
        error_box.show(error)
        return known[1:]
    tab_state.member.set(None if found is None else (secret, *found))
    return found


def _draw_class(classroom: Classroom, learner: Learner, secret: str) -> None:
    st.title(plain(classroom.title), anchor=False)
    st.caption(
        f"You are here as {plain(learner.name)}, number {learner.number}. The address of this page "
        "is your own: do not pass it on."
    )
    if not classroom.is_open:
        st.info(CLOSED, icon=":material/lock:")
    elif learner.notice_version != class_notice_version(classroom):
        draw_new_notice(classroom, learner)
    else:
        with error_box.on_error():  # own rows and their deletion stay below
            draw_taking_part(classroom, learner, secret)
    draw_own_data(classroom, learner, secret)


open_page(JOIN_CLASS.path)
_draw_page()
