"""A press that Streamlit reports twice is one."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.shell import presses


@pytest.fixture
def clock(monkeypatch):
    """The time that presses are taken at."""
    now = [100.0]
    monkeypatch.setattr(presses, "AS_ONE_S", 0.4)
    monkeypatch.setattr(presses, "monotonic", lambda: now[0])
    return now


def page_of_buttons() -> None:
    import streamlit as st

    from pages.parts.shell.presses import once

    done = st.session_state.setdefault("done", [])

    @once
    def mark(label: str) -> None:
        done.append(label)

    @once
    def reset() -> None:
        done.append("reset")

    st.button("Mark", on_click=mark, args=("mark",))
    st.button("Reset", on_click=reset)


def page_that_is_cut_off() -> None:
    import streamlit as st

    from pages.parts.shell.presses import once

    done = st.session_state.setdefault("done", [])
    reports = st.session_state.setdefault("reports", [])

    @once
    def mark() -> None:
        reports.append("a report")
        if len(reports) == 1:
            st.rerun()
        done.append("mark")

    st.button("Mark", on_click=mark)


def test_a_press_that_is_reported_twice_acts_once_and_a_later_one_again(clock):
    page = AppTest.from_function(page_of_buttons, default_timeout=20).run()
    page.button[0].click().run()
    clock[0] += 0.02
    page.button[0].click().run()
    assert page.session_state["done"] == ["mark"]
    clock[0] += presses.AS_ONE_S
    page.button[0].click().run()
    assert page.session_state["done"] == ["mark", "mark"]


def test_a_report_that_was_cut_off_leaves_the_press_to_the_other(clock):
    page = AppTest.from_function(page_that_is_cut_off, default_timeout=20).run()
    page.button[0].click().run()
    assert page.session_state["done"] == []
    clock[0] += 0.02
    page.button[0].click().run()
    assert page.session_state["done"] == ["mark"]


def test_a_press_of_another_button_acts_at_once(clock):
    page = AppTest.from_function(page_of_buttons, default_timeout=20).run()
    page.button[0].click().run()
    page.button[1].click().run()
    assert page.session_state["done"] == ["mark", "reset"]
