"""The camera's resolution: the choice, the actual one, and advice where it is too high."""

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
    """The choice, stored in this tab; it may be changed while the camera runs."""
    names = [one.name for one in RESOLUTIONS]
    name = st.selectbox(
        "Resolution",
        names,
        index=names.index(chosen().name),
        format_func=lambda name: f"{name}: {resolution_named(name).use_case}",
        key="camera-resolution",
        help=_HELP,
        width=360,
    )
    session_state.camera_resolution.set(name)


def chosen() -> Resolution:
    """The last choice; the default until then."""
    return resolution_named(session_state.camera_resolution.get())


def draw_actual(report: CameraReport) -> None:
    """A note where the camera gives less than requested."""
    requested = chosen()
    if report.playing and not requested.is_reached_by(report.width_px, report.height_px):
        st.caption(
            f"This camera gives {report.width_px} x {report.height_px} instead of {requested.name}."
        )


def draw_advice(view: LiveView) -> None:
    """Advice where this machine is too slow for the resolution."""
    requested = chosen()
    if not keeps_up(view, requested):
        st.info(
            f"At {requested.name} only {view.fps:.1f} FPS are analysed here, too few to "
            "follow an expression. Choose a lower resolution, or close other programs.",
            icon=":material/speed:",
        )
