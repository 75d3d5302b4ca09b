"""Trainings under way beside the one that is followed, and their places in line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain import Run, RunStatus
from pages.parts import memory, run_view, shared_training, train_sections
from pages.parts.theme import plain


def draw(followed: Run) -> None:
    """Who is at work and who waits, where that is more than the run that is followed."""
    line = shared_training.line()
    others = [run for run in line if run.id != followed.id]
    if not others:
        return
    with st.expander(_title(line), key="line", expanded=followed.status.is_over):
        for run in line:
            _draw_one(run, _place(run, line), is_followed=run.id == followed.id)


def _title(line: Sequence[Run]) -> str:
    waiting = sum(_waits(run) for run in line)
    return f"{len(line) - waiting} at work" + (f", {waiting} in line" if waiting else "")


def _place(run: Run, line: Sequence[Run]) -> str:
    if not _waits(run):
        return run.status.value
    waiting = [one.id for one in line if _waits(one)]
    return f"number {waiting.index(run.id) + 1} in line"


def _waits(run: Run) -> bool:
    return run.status in {RunStatus.STARTING, RunStatus.QUEUED}


def _draw_one(run: Run, place: str, *, is_followed: bool) -> None:
    words, look, stop = st.columns((6, 1, 1), vertical_alignment="center")
    plan = shared_training.plan_of(run.id)
    words.markdown(f"**{plain(run.id)}** · {plan.get('recipe', run.kind)} · {place}")
    if is_followed:
        look.caption("below")
    elif look.button("Look", key=f"line-look-{run.id}"):
        if run.kind == shared_training.KIND:
            memory.followed_run.set(run.id)
            st.rerun()
        memory.followed_sweep.set(run.id)
        train_sections.go_to(train_sections.SWEEPS)
    if not is_followed and run.status is not RunStatus.CANCELLING:
        with stop:
            run_view.draw_stop(run)
