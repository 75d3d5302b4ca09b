"""Parts of a page that are redrawn by themselves, each in a container of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def fragment(
    *, run_every: float | None = None
) -> Callable[[Callable[_Given, _Answer]], Callable[_Given, _Answer]]:
    """As `st.fragment`, in a container of its own. Load-bearing: pages do not use that one itself.

    Where a fragment is redrawn before a whole run has reached the browser, Streamlit 1.67 leaves
    the fragment out of that run. The browser then closes the gap: what follows moves up into the
    fragment's place, and the redrawn fragment overwrites it until the next whole run. In a
    container of its own nothing follows it.

    Args:
        run_every: seconds; None for never by itself.
    """

    def decorate(draw: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
        part = st.fragment(draw, run_every=run_every)

        @wraps(draw)
        def placed(*given: _Given.args, **named: _Given.kwargs) -> _Answer:
            with st.container():
                return part(*given, **named)

        return placed

    return decorate
