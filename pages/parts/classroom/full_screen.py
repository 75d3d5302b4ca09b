"""A button that fills the screen, so that nothing but the class is on the wall."""

from __future__ import annotations

import streamlit as st

_JS = """
export default function ({ parentElement }) {
  const button = parentElement.querySelector("button");
  if (!document.fullscreenEnabled) { button.hidden = true; return; }
  const show = () => { button.hidden = document.fullscreenElement !== null; };
  const press = () => document.documentElement.requestFullscreen();
  show();
  button.addEventListener("click", press);
  document.addEventListener("fullscreenchange", show);
  return () => {
    button.removeEventListener("click", press);
    document.removeEventListener("fullscreenchange", show);
  };
}
"""
_HTML = '<button type="button">Fill the screen</button>'
_CSS = """
button { background: transparent; border: 1px solid var(--st-border-color); border-radius: .5rem;
  color: var(--st-text-color); cursor: pointer; font: inherit; padding: .4rem .9rem; }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
"""


def draw_full_screen() -> None:
    """The button; hidden while the screen is filled, and where a browser cannot."""
    button = st.components.v2.component("mien_full_screen", js=_JS, html=_HTML, css=_CSS)
    button(key="class-full-screen")
