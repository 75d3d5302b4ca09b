"""The camera's resolution: a choice, what the camera gives, and whether this machine keeps up."""

from __future__ import annotations

import streamlit as st

from core.live import RESOLUTIONS, LiveView, Resolution, keeps_up, resolution_named
from pages.parts.live.camera import CameraReport
from pages.parts.shell import session_state

_HELP = (
    "A higher resolution reads faces from further away, but lowers the FPS. It can be changed "
    "while the camera runs; the session continues."
)


def choose() -> None:
    """The choice, remembered in this tab; it may be changed while the camera runs."""
    names = [one.name for one in RESOLUTIONS]
    name = st.selectbox(
        "Resolution",
        names,
        index=names.index(chosen().name),
        format_func=lambda name: f"{name}: {resolution_named(name).meant_for}",
        key="camera-resolution",
        help=_HELP,
        width=360,
    )
    session_state.camera_resolution.set(name)


def chosen() -> Resolution:
    """The one that was chosen last; the default until then."""
    return resolution_named(session_state.camera_resolution.get())


def draw_given(report: CameraReport) -> None:
    """A word where the camera gives less than was asked for."""
    wanted = chosen()
    if report.playing and not wanted.is_reached_by(report.width_px, report.height_px):
        st.caption(
            f"This camera gives {report.width_px} x {report.height_px} instead of {wanted.name}."
        )


def draw_advice(view: LiveView) -> None:
    """What to do where this machine does not keep up with the resolution."""
    wanted = chosen()
    if not keeps_up(view, wanted):
        st.info(
            f"At {wanted.name} only {view.fps:.1f} FPS are analysed here, too few to "
            "follow an expression. Choose a lower resolution, or close other programs.",
            icon=":material/speed:",
        )
