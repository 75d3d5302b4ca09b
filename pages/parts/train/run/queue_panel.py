"""Runs under way beside the one that is followed, and their places in the queue."""

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
    """What runs and what waits, where that is more than the run that is followed."""
    line = train_cached.line()
    others = [run for run in line if run.id != followed.id]
    if not others:
        return
    with st.expander(_title(line), key="line", expanded=followed.status.is_over):
        for run in line:
            _draw_one(run, _place(run, line), is_followed=run.id == followed.id)


def _title(line: Sequence[Run]) -> str:
    waiting = sum(_waits(run) for run in line)
    return f"{len(line) - waiting} running" + (f", {waiting} queued" if waiting else "")


def _place(run: Run, line: Sequence[Run]) -> str:
    if not _waits(run):
        return run.status.value
    waiting = [one.id for one in line if _waits(one)]
    return f"queued, position {waiting.index(run.id) + 1}"


def _waits(run: Run) -> bool:
    return run.status in {RunStatus.STARTING, RunStatus.QUEUED}


def _draw_one(run: Run, place: str, *, is_followed: bool) -> None:
    words, look, stop = st.columns((6, 1, 1), vertical_alignment="center")
    plan = shell_cached.plan_of(run.id)
    words.markdown(f"**{plain(run.id)}** · {plan.get('recipe', run.kind)} · {place}")
    if is_followed:
        look.caption("shown")
    elif look.button("Open", key=f"line-look-{run.id}"):
        if run.kind == train_cached.KIND:
            session_state.followed_run.set(run.id)
            st.rerun()
        session_state.followed_sweep.set(run.id)
        sections.go_to(sections.SWEEPS)
    if not is_followed and run.status is not RunStatus.CANCELLING:
        with stop:
            run_panel.draw_stop(run)
