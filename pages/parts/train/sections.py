"""The parts of the training page, and how one leads to another."""

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
    """Open another section: the switch is then a new one, and shows it."""
    open_at(section)
    st.rerun()


def open_at(section: str) -> None:
    """The same for whoever comes from another page."""
    session_state.train_section.set(section)
    session_state.train_round.set(session_state.train_round.get() + 1)


def choose_section(usual: str) -> str:
    """Draw the switch; the answer is what is open.

    Args:
        usual: what a visitor sees who has not chosen yet.
    """
    key = f"train-section-{session_state.train_round.get()}"
    if session_state.is_not_drawn_yet(key):
        # Kept while the switch stands: another default would make another switch of it.
        session_state.train_default.set(session_state.train_section.get() or usual)
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
