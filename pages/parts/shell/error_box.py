"""Errors on screen: what happened and what to do, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.domain.errors import MienError
from pages.parts.shell.theme import plain

_log = logging.getLogger(__name__)


@contextmanager
def on_error() -> Iterator[None]:
    """Show an error of the block as a sentence with advice, and continue after the block.

    The only broad `except` of the pages: whatever went wrong, the visitor gets a sentence and the
    operator's log gets the traceback. `st.rerun`, `st.stop` and `st.switch_page` pass: they are no
    `Exception`.
    """
    try:
        yield
    except MienError as error:
        show(error)
    except Exception:  # noqa: BLE001 - see above
        _log.exception("A page failed")
        st.error(
            "An unexpected error occurred. Reload the page; if it happens again, see the server's "
            "log.",
            icon=":material/error:",
        )


def show(error: MienError) -> None:
    """Show an error with its advice."""
    show_message(error.message, error.advice)


def show_message(message: str, advice: str) -> None:
    """Show a message and what to do about it; both may contain untrusted text."""
    paragraph = f"\n\n{plain(advice)}" if advice else ""
    st.error(f"**{plain(message)}**{paragraph}", icon=":material/error:")
