"""One run on any page: progress, cancel, resume, and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.domain import Run, RunStatus
from core.domain.errors import UnknownRun
from core.jobs import (
    can_resume,
    cancel,
    console_tail,
    force_stop,
    newest_active,
    read_run,
    resume,
    start,
)
from pages.parts.shell import cached, error_box, fragments
from pages.parts.shell.session_state import Slot
from pages.parts.shell.theme import plain

POLL_INTERVAL_S = 1.0


def start_run(kind: str, plan: Mapping[str, Any]) -> str:
    """Start a run; returns its id.

    Raises:
        RunError: it cannot be started.
    """
    runs_dir = cached.settings().runs_dir
    return start(runs_dir, kind, plan, now=datetime.now(UTC), rng=np.random.default_rng())


def active_run(kinds: tuple[str, ...]) -> Run | None:
    """The newest run of these kinds that is not over; None if there is none."""
    runs_dir = cached.settings().runs_dir
    return newest_active(runs_dir, kinds, now=datetime.now(UTC), cache=cached.run_cache())


def current_run(run_id: str) -> Run:
    """A run with its current status.

    Raises:
        UnknownRun: it is gone.
    """
    runs_dir = cached.settings().runs_dir
    return read_run(runs_dir, run_id, now=datetime.now(UTC), cache=cached.run_cache())


def show(run_id: str, *, title: str) -> Run:
    """Draw a run and follow it until it is over; then the whole page reruns.

    Args:
        title: what it does.
    Returns:
        The run as it was when the page was drawn.
    """
    run = current_run(run_id)

    @fragments.fragment(run_every=None if run.status.is_over else POLL_INTERVAL_S)
    @error_box.on_error()
    def view() -> None:
        latest = current_run(run_id)
        if latest.status.is_over:
            if not run.status.is_over:
                st.rerun()
            return
        with st.container(border=True):
            st.markdown(f"**{plain(title)}**")
            st.progress(latest.progress.fraction, text=plain(latest.progress.sentence))
            if latest.status is RunStatus.QUEUED:
                st.caption("It starts automatically when it is first in the queue.")
            draw_stop(latest)

    view()
    return run


def follow(
    followed: Slot[str | None],
    titles: Mapping[str, str],
    *,
    on_completed: Callable[[dict[str, str]], None] | None = None,
    on_close: Callable[[Run], None] | None = None,
) -> bool:
    """Draw the run that a visitor follows: its progress, then how it ended, until it is closed.

    A run that was deleted is forgotten; nothing is drawn without one.

    Args:
        followed: keeps its id.
        titles: what it does, by kind.
        on_completed: called with its result at each rerun; by default it is forgotten.
        on_close: called when the visitor closed a run that did not complete.
    Returns:
        Whether it is not over yet.
    """
    run_id = followed.get()
    if run_id is None:
        return False
    try:
        kind = current_run(run_id).kind
        run = show(run_id, title=titles.get(kind, "Working"))
    except UnknownRun:
        followed.set(None)
        return False
    if run.status is RunStatus.COMPLETED and run.finished is not None:
        if on_completed is None:
            followed.set(None)
        else:
            on_completed(run.finished.result)
    elif run.status.is_over:
        draw_end(run, forget=lambda: _forget(run, followed, on_close))
    return not run.status.is_over


def _forget(run: Run, followed: Slot[str | None], on_close: Callable[[Run], None] | None) -> None:
    followed.set(None)
    if on_close is not None:
        on_close(run)


def draw_end(run: Run, *, forget: Callable[[], None], advice: str = "") -> None:
    """The outcome of a run that did not complete, with Close, and Resume where that may help.

    Args:
        forget: called when the visitor closes it.
        advice: instead of the error's own, where the page has a form for it.
    """
    runs_dir = cached.settings().runs_dir
    if run.finished is not None and run.finished.error:
        error_box.show_message(run.finished.error, advice or run.finished.advice)
    elif run.status is RunStatus.LOST:
        st.warning("The run was interrupted: its process is gone. You can resume it.")
        with st.expander("Log"):
            st.code(console_tail(runs_dir, run.id) or "No output.", language=None)
    else:
        st.info("The run was cancelled.")
    with st.container(horizontal=True):
        if can_resume(run, cached.plan_of(run.id)):
            _draw_resume(run)
        if st.button("Close", key=f"close-{run.id}"):
            forget()
            st.rerun()


def _draw_resume(run: Run) -> None:
    if st.button("Resume", key=f"resume-{run.id}", icon=":material/play_arrow:"):
        with error_box.on_error():
            resume(cached.settings().runs_dir, run.id)
            st.rerun()


def draw_stop(run: Run) -> None:
    """Buttons that stop a running run; inside a fragment."""
    if run.status is not RunStatus.CANCELLING:
        # Before this part is drawn: its own next rerun may cut that off, and lose a press.
        st.button("Cancel", key=f"cancel-{run.id}", on_click=_stop, args=(cancel, run.id))
        return
    st.caption("Stopping after the current step.")
    st.button(
        "Force stop",
        key=f"force-{run.id}",
        help="For a run that does not respond.",
        on_click=_stop,
        args=(force_stop, run.id),
    )


@error_box.on_error()
def _stop(act: Callable[[Path, str], object], run_id: str) -> None:
    act(cached.settings().runs_dir, run_id)
