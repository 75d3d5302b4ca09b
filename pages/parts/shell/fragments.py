"""Parts of a page that are redrawn by themselves, each in a container of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from pages.parts.shell import error_box

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")
_Found = TypeVar("_Found")


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


def until_answered(
    ask: Callable[[], Future[_Found]],
    draw: Callable[[_Found], object],
    *,
    waiting: str,
    look_every_s: float,
) -> None:
    """What a process of its own answers, drawn when the answer has come; nothing waits for it.

    Args:
        ask: the same question however often it is called.
        draw: is given the answer.
        waiting: words that stand there meanwhile.
        look_every_s: how often is looked, only until the answer has come.
    """
    waits = not ask().done()

    @fragment(run_every=look_every_s if waits else None)
    @error_box.on_error()
    def view() -> None:
        answer = ask()
        if not answer.done():
            st.caption(waiting)
            return
        if waits:
            st.rerun()  # once, so that nothing is looked for any longer
        draw(answer.result())

    view()
