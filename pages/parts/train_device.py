"""What a training would compute on here, said before it starts."""

from __future__ import annotations

import streamlit as st

from pages.parts import fragments, notice, readiness_view, shared

_LOOK_EVERY_S = 1.0


def draw() -> None:
    """Whether TensorFlow works here and found a GPU; looked for again until it has answered.

    Nothing waits for it: TensorFlow wakes up in a process of its own, for all visitors once.
    """
    waits = not shared.asked_tensorflow().done()
    fragments.fragment(run_every=_LOOK_EVERY_S if waits else None)(_draw)(waits)


@notice.on_error()
def _draw(waited: bool) -> None:
    answer = shared.asked_tensorflow()
    if not answer.done():
        st.caption("Looking for a GPU: TensorFlow wakes up in a process of its own.")
        return
    if waited:
        st.rerun()  # once, so that nothing is looked for any longer
    st.markdown(readiness_view.line_of(answer.result()))
