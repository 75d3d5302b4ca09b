"""The dot that a person looks at while they calibrate."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__)
_SCRIPT = _HERE.with_suffix(".js").read_text(encoding="utf-8")
_CSS = _HERE.with_suffix(".css").read_text(encoding="utf-8")


def draw_dot(place: str, text: str, *, share: float, waits: bool) -> None:
    """Show the dot in the window, above everything, with a ring that fills.

    Args:
        place: such as "top-left", or "middle"; a class of `calibration_dot.css`.
        text: beside the dot; screen readers say it when it changes.
        share: filled fraction of the ring.
        waits: whether nothing is counted: then it is pale.
    """
    show = st.components.v2.component("mien_calibration_dot", js=_SCRIPT, css=_CSS)
    data = {"corner": place, "share": share, "waits": waits, "text": text}
    show(key="calibration-dot", data=data)
