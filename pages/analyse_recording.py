"""Analyse a recording: videos and pictures instead of the camera."""

from __future__ import annotations

import streamlit as st

from pages.parts import gate, notice, recording_form, recording_run
from pages.parts.frame import ANALYSE_RECORDING, open_page


def _draw_page() -> None:
    policy = gate.pass_policy()
    if policy is None:
        return
    recording_run.clear_up()
    under_way = recording_run.follow()
    result = st.container()
    looks_at_pictures = recording_form.draw(policy, under_way=under_way)
    if not looks_at_pictures:
        with result:
            recording_run.draw_result()


open_page(ANALYSE_RECORDING.path)
st.title(ANALYSE_RECORDING.title, anchor=False)
with notice.on_error():
    _draw_page()
