"""Other running and queued runs, with their positions in the queue."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain import Run, RunStatus
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import run_panel, session_state
from pages.parts.shell.theme import plain
from pages.parts.train import cached as train_cached
from pages.parts.train import sections


def draw(followed: Run) -> None:
    """Running and queued runs, if there are others than the followed one."""
    queue = train_cached.queue()
    others = [run for run in queue if run.id != followed.id]
    if not others:
        return
    with st.expander(_title(queue), key="line", expanded=followed.status.is_over):
        for run in queue:
            _draw_one(run, _state_text(run, queue), is_followed=run.id == followed.id)


def _title(queue: Sequence[Run]) -> str:
    waiting = sum(_is_waiting(run) for run in queue)
    return f"{len(queue) - waiting} running" + (f", {waiting} queued" if waiting else "")


def _state_text(run: Run, queue: Sequence[Run]) -> str:
    if not _is_waiting(run):
        return run.status.value
    waiting = [one.id for one in queue if _is_waiting(one)]
    return f"queued, position {waiting.index(run.id) + 1}"


def _is_waiting(run: Run) -> bool:
    return run.status in {RunStatus.STARTING, RunStatus.QUEUED}


def _draw_one(run: Run, state: str, *, is_followed: bool) -> None:
    text_column, open_column, stop_column = st.columns((6, 1, 1), vertical_alignment="center")
    plan = shell_cached.plan_of(run.id)
    what = plain(str(plan.get("recipe", run.kind)))
    text_column.markdown(f"**{plain(run.id)}** · {what} · {state}")
    if is_followed:
        open_column.caption("shown")
    elif open_column.button("Open", key=f"line-look-{run.id}"):
        if run.kind == train_cached.KIND:
            session_state.followed_run.set(run.id)
            st.rerun()
        session_state.followed_sweep.set(run.id)
        sections.go_to(sections.SWEEPS)
    if not is_followed and run.status is not RunStatus.CANCELLING:
        with stop_column:
            run_panel.draw_stop(run)
