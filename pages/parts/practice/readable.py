"""The one light of an answer: whether the face can be read, and if not, what helps."""

from __future__ import annotations

import streamlit as st

from core.live import LiveSession
from core.practice import light_of
from pages.parts.live.calibration_words import REMEDY
from pages.parts.live.live_view import is_disconnected
from pages.parts.practice import tab_state

_STARTING = ":material/hourglass_empty: The camera is starting."
_NO_FRAME = ":orange[:material/error:] Not readable. Nothing arrives from the camera: check it."
_SEVERAL = "Several faces are in view: the largest is read."


def draw_light(live: LiveSession) -> None:
    """Draw it; it changes when the face was readable, or not, for two seconds."""
    view = live.view()
    light = light_of(view.moments, tab_state.practice_light.get())
    tab_state.practice_light.set(light)
    if light is None:
        st.markdown(_STARTING)
        return
    if is_disconnected(view):
        st.markdown(_NO_FRAME)
        return
    if light.reason is None:
        text = ":green[:material/check_circle:] Readable."
    else:
        text = f":orange[:material/error:] Not readable. {REMEDY[light.reason]}"
    st.markdown(f"{text} {_SEVERAL}" if light.several else text)
