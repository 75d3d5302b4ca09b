"""Jumping to a stretch of an answer: its charts show it, and the page scrolls to them."""

from __future__ import annotations

import streamlit as st

from pages.parts.practice import tab_state

_SCROLL = """
export default function ({ data, parentElement }) {
  if (window.mienJump === data.jump) return;
  window.mienJump = data.jump;
  const place = parentElement.host ?? parentElement;  // a shadow root cannot be scrolled to
  place.style.scrollMarginTop = "5rem";
  place.scrollIntoView({ block: "start" });
}
"""


def jump_to(attempt_id: str, begins_s: float, ends_s: float) -> None:
    """Show this stretch of an answer in its charts, and scroll to them; reruns the page."""
    tab_state.practice_jump.set((attempt_id, begins_s, ends_s))
    tab_state.practice_jumps.set(tab_state.practice_jumps.get() + 1)
    st.rerun()


def draw_anchor(attempt_id: str) -> None:
    """Where a jump scrolls to: once for each, so that later reruns leave the page where it is."""
    scroll = st.components.v2.component("mien_practice_jump", js=_SCROLL)
    jump = f"{attempt_id} {tab_state.practice_jumps.get()}"
    scroll(key=f"jump-{attempt_id}", data={"jump": jump})
