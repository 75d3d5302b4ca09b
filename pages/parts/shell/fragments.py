"""Fragments: parts of a page that rerun separately, each in a container of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

import streamlit as st

from pages.parts.shell import error_box

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")
_Value = TypeVar("_Value")


def fragment(
    *, run_every: float | None = None, width: Literal["stretch", "content"] = "stretch"
) -> Callable[[Callable[_Parameters, _Result]], Callable[_Parameters, _Result]]:
    """As `st.fragment`, in a container of its own. Load-bearing: pages do not use `st.fragment`.

    Where a fragment reruns before a full rerun has reached the browser, Streamlit 1.67 leaves the
    fragment out of the full rerun. The browser then closes the gap: what follows moves up, and the
    fragment overwrites it until the next full rerun. In a container of its own nothing follows it.

    Args:
        run_every: seconds; None for no automatic reruns.
        width: of that container, for a part in a line of others.
    """

    def decorate(draw: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
        part = st.fragment(draw, run_every=run_every)

        @wraps(draw)
        def in_container(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
            with st.container(width=width):
                return part(*args, **kwargs)

        return in_container

    return decorate


def draw_when_done(
    task: Callable[[], Future[_Value]],
    draw: Callable[[_Value], object],
    *,
    waiting: str,
    poll_s: float,
) -> None:
    """Draw the result of a background task when it is done; the page does not wait for it.

    Args:
        task: returns the same future however often it is called.
        draw: takes the result.
        waiting: caption shown meanwhile.
        poll_s: polling interval until it is done.
    """
    waits = not task().done()

    @fragment(run_every=poll_s if waits else None)
    @error_box.on_error()
    def view() -> None:
        future = task()
        if not future.done():
            st.caption(waiting)
            return
        if waits:
            st.rerun()  # once, to end the polling
        draw(future.result())

    view()
