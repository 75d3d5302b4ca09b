"""The list of learners, where mode and consent allow it: by number, never by a figure."""

from __future__ import annotations

import streamlit as st

from core.classroom.board import BoardView, LearnerNow
from core.domain.classroom import LearnerSite, Shared
from core.domain.counted import percent
from pages.parts.classroom.shared_words import STATE_WORDS
from pages.parts.shell.theme import expression_word, plain

_NONE = plain("-")  # cells are Markdown, where a bare dash begins a list


def draw_learners(view: BoardView) -> None:
    """A row for each learner; columns of what may be shown of one alone."""
    if not view.learners:
        st.caption("Nobody has joined yet.")
        return
    st.table([_row(one, view) for one in view.learners])


def _row(one: LearnerNow, view: BoardView) -> dict[str, str]:
    row = {"Learner": plain(f"{one.number}. {one.name}"), "State": _state(one)}
    row["Present"] = _share(one.present)
    if Shared.FACING in view.listed:
        row["Towards the screen"] = _share(one.facing)
    if Shared.ENGAGEMENT in view.listed:
        row["Engagement index"] = _NONE if one.index is None else f"{one.index:.0f}"
    if Shared.EXPRESSIONS in view.listed:
        row["Shown"] = _NONE if one.expression is None else plain(expression_word(one.expression))
    return row


def _state(one: LearnerNow) -> str:
    if one.is_silent:
        return "connection lost"
    return "flags only" if one.site is LearnerSite.NOWHERE else STATE_WORDS[one.state]


def _share(share: float | None) -> str:
    return _NONE if share is None else percent(share)
