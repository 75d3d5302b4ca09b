"""Analyse a recording: videos and pictures instead of the camera."""

from __future__ import annotations

import streamlit as st

from pages.parts.policy import consent_gate
from pages.parts.recordings import form, run
from pages.parts.shell import error_box
from pages.parts.shell.navigation import ANALYSE_RECORDING, open_page


def _draw_page() -> None:
    policy = consent_gate.pass_policy()
    if policy is None:
        return
    run.clear_up()
    under_way = run.follow()
    result = st.container()
    has_pictures = form.draw(policy, is_active=under_way)
    if not has_pictures:
        with result:
            run.draw_result()


open_page(ANALYSE_RECORDING.path)
st.title(ANALYSE_RECORDING.title, anchor=False)
with error_box.on_error():
    _draw_page()
