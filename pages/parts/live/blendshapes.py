"""The blendshapes of one face, on demand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.domain import BLENDSHAPES, Observation, live_blendshapes
from core.live import LiveView
from pages.parts.live import charts as live_charts
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import session_state

_BLENDSHAPE_HELP = (
    "Movements of parts of the face, as the landmarker measures them, 0 to 100 %. Ten that it "
    "hardly ever measures are left out. They are not muscle activities and not emotions."
)


def draw_blendshapes(view: LiveView) -> None:
    """The blendshapes of the face that is shown, in an expander; drawn only while it is open."""
    part = st.expander("Blendshapes", key="blendshapes", on_change="rerun")
    if not part.open:
        return
    with part:
        number, seen = session_state.watched_face.get(), watched(view.faces)
        if seen is not None and seen.blendshapes is None:
            st.caption(f"No blendshapes of face {number} are measured at the moment.")
            return
        # Without the face the bars are empty, so that nothing below them moves.
        values = None if seen is None else seen.blendshapes
        shapes = live_blendshapes(np.full(len(BLENDSHAPES), np.nan) if values is None else values)
        away = "" if seen is not None else ": not in view"
        st.caption(f"Face {number}{away}", help=_BLENDSHAPE_HELP)
        figure = live_charts.blendshape_bars(shapes)
        st.plotly_chart(
            shell_charts.escape_figure(figure),
            config=shell_charts.CONFIG,
            key="blendshape-bars",
            alt="Bar chart: each blendshape of the face.",
        )


def watched(faces: Sequence[Observation]) -> Observation | None:
    """The face that is shown; None where it is not in view."""
    number = session_state.watched_face.get()
    return next((face for face in faces if face.track_id == number), None)
