"""A page that waits for its tab's answer asks again."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def page_that_waits(drawn_ago_s: float) -> None:
    from time import monotonic

    import streamlit as st

    from pages.parts.policy import consent_gate

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    if st.session_state["runs"] == 1:
        consent_gate._wait(monotonic() - drawn_ago_s)
    else:
        st.write("answered")


@pytest.mark.parametrize(("drawn_ago_s", "runs"), [(0.0, 1), (60.0, 2)])
def test_a_page_is_drawn_again_once_an_answer_is_late(drawn_ago_s: float, runs: int) -> None:
    page = AppTest.from_function(page_that_waits, args=(drawn_ago_s,), default_timeout=20).run()
    assert page.session_state["runs"] == runs
    assert not page.exception
