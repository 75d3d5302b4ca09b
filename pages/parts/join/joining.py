"""What is shared, the consent to it, and a name: one form before a class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.classroom import JoinRequest, one_line
from core.domain.classroom import MAX_NAME_LENGTH, Classroom, LearnerSite
from core.domain.wording import new_id, words_of_id
from core.policy import NoticePart, class_notice, class_notice_version
from pages.parts.join import tab_state
from pages.parts.shell.theme import plain

SITE_TEXT = {
    LearnerSite.BROWSER: "With my camera, read in this browser: no picture leaves this device",
    LearnerSite.NOWHERE: "Without a camera: only what I press is sent",
}
"""Ways to take part that are offered to everybody."""


def draw_joining(classroom: Classroom) -> JoinRequest | None:
    """Draw what is shared, and ask for consent; what was agreed to, once it is."""
    st.subheader(plain(classroom.title), anchor=False)
    draw_notice(class_notice(classroom))
    with st.form("join-form", border=False):
        name = st.text_input(
            "Name in the class",
            _pseudonym(),
            key="join-name",
            max_chars=MAX_NAME_LENGTH,
            help="One of your own choosing, or the pseudonym that stands here.",
        )
        site = st.radio(
            "How you take part", list(SITE_TEXT), format_func=SITE_TEXT.__getitem__, key="join-site"
        )
        if not st.form_submit_button(
            "I agree, join the class", type="primary", icon=":material/check:", width="stretch"
        ):
            return None
    return JoinRequest(one_line(name) or _pseudonym(), site, class_notice_version(classroom))


def draw_notice(notice: Sequence[NoticePart]) -> None:
    """The paragraphs of a notice, as a list."""
    st.markdown("\n".join(f"- **{plain(one.lead)}.** {plain(one.text)}" for one in notice))


def _pseudonym() -> str:
    """The name that is offered, the same in every rerun."""
    if not tab_state.pseudonym.get():
        word = words_of_id(new_id(datetime.now(UTC), np.random.default_rng()))
        tab_state.pseudonym.set(word)
    return tab_state.pseudonym.get()
