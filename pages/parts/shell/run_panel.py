"""One run on screen, anywhere: progress, cancel, resume, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import streamlit as st

from core.domain import Run, RunStatus
from core.jobs import cancel, console_tail, force_stop, look, newest_active, resume, start
from pages.parts.shell import cached, error_box, fragments
from pages.parts.shell.theme import plain

LOOK_EVERY_S = 1.0
PATIENCE_S = 30.0


def begin(kind: str, plan: Mapping[str, Any]) -> str:
    """Start a run; the answer is its id.

    Raises:
        RunError: it cannot be started now.
    """
    runs_dir = cached.settings().runs_dir
    return start(runs_dir, kind, plan, now=datetime.now(UTC), rng=np.random.default_rng())


def running(kinds: tuple[str, ...]) -> Run | None:
    """The newest run of these kinds that is not over; None if there is none."""
    runs_dir = cached.settings().runs_dir
    return newest_active(runs_dir, kinds, now=datetime.now(UTC), memory=cached.run_memory())


def look_at(run_id: str) -> Run:
    """A run as it stands.

    Raises:
        UnknownRun: it is gone.
    """
    runs_dir = cached.settings().runs_dir
    return look(runs_dir, run_id, now=datetime.now(UTC), memory=cached.run_memory())


def show(run_id: str, *, title: str) -> Run:
    """Draw a run and follow it until it is over; then the whole page is drawn once more.

    Args:
        title: what it does, in words.
    Returns:
        The run as it stood when the page was drawn.
    """
    run = look_at(run_id)

    @fragments.fragment(run_every=None if run.status.is_over else LOOK_EVERY_S)
    @error_box.on_error()
    def view() -> None:
        latest = look_at(run_id)
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


def draw_end(run: Run, *, forget: Callable[[], None]) -> None:
    """What became of a run that did not complete, and what can be done about it.

    Args:
        forget: called when the visitor has read it.
    """
    runs_dir = cached.settings().runs_dir
    if run.finished is not None and run.finished.error:
        error_box.say(run.finished.error, run.finished.advice)
    elif run.status is RunStatus.LOST:
        st.warning("The run was interrupted: its process is gone. You can resume it.")
        with st.expander("Log"):
            st.code(console_tail(runs_dir, run.id) or "No output.", language=None)
    else:
        st.info("The run was cancelled.")
    with st.container(horizontal=True):
        if st.button("Resume", key=f"resume-{run.id}", icon=":material/play_arrow:"):
            with error_box.on_error():
                resume(runs_dir, run.id)
                st.rerun()
        if st.button("Close", key=f"close-{run.id}"):
            forget()
            st.rerun()


def draw_stop(run: Run) -> None:
    """Buttons that stop a run under way; inside a fragment."""
    runs_dir = cached.settings().runs_dir
    if run.status is not RunStatus.CANCELLING:
        if st.button("Cancel", key=f"cancel-{run.id}"):
            cancel(runs_dir, run.id)
            st.rerun(scope="fragment")
        return
    st.caption("Stopping after the current step.")
    if st.button("Force stop", key=f"force-{run.id}", help="For a run that does not respond."):
        force_stop(runs_dir, run.id)
        st.rerun()
