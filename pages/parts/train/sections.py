"""The sections of the training page, and switching between them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.parts.shell import session_state

NEW: Final = "New run"
RUN: Final = "This run"
ALL: Final = "All runs"
SWEEPS: Final = "Sweeps"
SECTIONS = (NEW, RUN, ALL, SWEEPS)


def go_to(section: str) -> None:
    """Open another section; a new widget key makes the control show it."""
    open_at(section)
    st.rerun()


def open_at(section: str) -> None:
    """The same for a visitor who comes from another page."""
    session_state.train_section.set(section)
    session_state.train_round.set(session_state.train_round.get() + 1)


def choose_section(default: str) -> str:
    """Draw the section control; the section that is open.

    Args:
        default: the section for a visitor who has not chosen yet.
    """
    key = f"train-section-{session_state.train_round.get()}"
    if session_state.is_not_drawn_yet(key):
        # Constant while the widget exists: another default would make it a new widget.
        session_state.train_default.set(session_state.train_section.get() or default)
    section = st.segmented_control(
        "Section",
        SECTIONS,
        default=session_state.train_default.get(),
        required=True,
        label_visibility="collapsed",
        key=key,
        wrap=True,
    )
    session_state.train_section.set(section)
    return section
