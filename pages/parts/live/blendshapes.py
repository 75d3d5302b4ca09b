"""The blendshapes of one face, on demand."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain import Observation, live_blendshapes
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
        seen = watched(view.faces)
        if seen is None or seen.blendshapes is None:
            st.caption("No blendshapes: no face is measured at the moment.")
            return
        st.caption(f"Face {session_state.watched_face.get()}", help=_BLENDSHAPE_HELP)
        figure = live_charts.blendshape_bars(live_blendshapes(seen.blendshapes))
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
