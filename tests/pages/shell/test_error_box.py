"""Errors on screen: sentences, never a traceback."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def page_with_an_expected_error() -> None:
    import streamlit as st

    from core.domain.errors import StoreError
    from pages.parts.shell import error_box

    with error_box.on_error():
        raise StoreError("The disk is full.", advice="Free some space.")
    st.success("the rest of the page")


def page_with_an_error_about_a_file() -> None:
    from core.domain.errors import MediaError
    from pages.parts.shell import error_box

    with error_box.on_error():
        raise MediaError("There is no file ![x](http://a.example/p.png).", advice="See *it*.")


def page_with_a_surprise() -> None:
    import streamlit as st

    from pages.parts.shell import error_box

    with error_box.on_error():
        _ = {}["secret-key"]
    st.success("the rest of the page")


def page_that_stops() -> None:
    import streamlit as st

    from pages.parts.shell import error_box

    with error_box.on_error():
        st.stop()
    st.success("never reached")


def test_an_expected_error_shows_what_happened_and_what_to_do() -> None:
    page = AppTest.from_function(page_with_an_expected_error).run()
    assert "The disk is full." in page.error[0].value
    assert "Free some space." in page.error[0].value
    assert page.success


def test_the_name_of_a_file_in_an_error_is_not_read_as_markup() -> None:
    page = AppTest.from_function(page_with_an_error_about_a_file).run()
    assert page.error[0].value == (
        "**There is no file !\\[x\\](http\\://\u2060a.example/p.png).**\n\nSee \\*it\\*."
    )


def test_a_surprise_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    page = AppTest.from_function(page_with_a_surprise).run()
    assert not page.exception
    assert "unexpected" in page.error[0].value
    assert "secret-key" not in page.error[0].value
    assert "secret-key" in caplog.text
    assert page.success


def test_stopping_a_page_is_no_error() -> None:
    page = AppTest.from_function(page_that_stops).run()
    assert not page.error
    assert not page.success
