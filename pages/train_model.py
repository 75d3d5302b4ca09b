"""Train a model: choose a recipe and a dataset, start, watch it learn, compare runs, sweep."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import UnknownRun
from core.training.monitoring.run_comparison import RunRow
from pages.parts import (
    dataset_add,
    memory,
    notice,
    run_view,
    shared_data,
    shared_training,
    sweep_form,
    sweep_view,
    train_compare,
    train_form,
    train_keep,
    train_sections,
    train_take,
    train_view,
)
from pages.parts.frame import EXPLORE_DATA, TRAIN_MODEL, open_page
from pages.parts.theme import plain

_NEW_SWEEP = "A new sweep"


def _draw_empty() -> None:
    with st.container(border=True, width=680):
        st.markdown("**There is no dataset yet.** Open one first, or try with drawn faces.")
        with st.container(horizontal=True, vertical_alignment="center"):
            dataset_add.draw_demo_button()
            st.page_link(EXPLORE_DATA.path, label="Open a dataset", icon=EXPLORE_DATA.icon)


def _has_data() -> bool:
    """Whether there is a dataset; where there is none, one is offered."""
    if shared_data.datasets():
        return True
    if not dataset_add.follow():
        _draw_empty()
    return False


def _draw_new() -> None:
    if not _has_data():
        return
    plan = train_form.choose_plan()
    if plan is not None:
        memory.followed_run.set(run_view.begin(shared_training.KIND, plan.to_json()))
        train_sections.go_to(train_sections.RUN)


def _draw_run() -> None:
    run_id = (
        memory.followed_run.get()
        or shared_training.under_way(shared_training.KIND)
        or shared_training.newest_completed()
    )
    if run_id is None:
        st.write(
            "No run was completed yet. Start one under New run, or look for one under All runs."
        )
        return
    try:
        train_view.show(run_id)
    except UnknownRun:
        memory.followed_run.set(None)
        raise


def _draw_all() -> None:
    found = shared_training.rows()
    if found:
        shown = train_keep.choose_by_tags(found)
        _draw_some(train_compare.draw_table(shown), shown)
    else:
        st.write("Nothing was trained here yet.")
    if damaged := shared_training.damaged():
        st.caption(
            f"Not shown, as their plans cannot be read: {plain(', '.join(damaged))}. Delete these "
            "folders if nothing in them is wanted."
        )
    if found:
        train_take.draw_tensorboard_button()


def _draw_some(chosen: list[RunRow], shown: list[RunRow]) -> None:
    """What can be done with the runs that are chosen in the table."""
    if not chosen:
        st.caption("Choose one to look at it, or several to compare them.")
        train_compare.draw_parallel(shown)
        return
    with st.container(horizontal=True):
        if len(chosen) == 1 and st.button("Look at this run", key="look-at-run"):
            memory.followed_run.set(chosen[0].run.id)
            train_sections.go_to(train_sections.RUN)
        train_keep.draw_delete(chosen)
    if len(chosen) == 1:
        train_keep.draw_notes(chosen[0])
    else:
        train_compare.draw_comparison(chosen)


def _draw_sweeps() -> None:
    sweeps = shared_training.sweeps()
    followed = memory.followed_sweep.get() or shared_training.under_way(sweep_view.KIND)
    chosen = followed if followed in sweeps else _NEW_SWEEP
    if sweeps:
        options = [_NEW_SWEEP, *sweeps]
        # Another key for another choice made elsewhere: the box then shows that one.
        key = f"sweep-chosen-{followed}"
        chosen = st.selectbox("Sweep", options, index=options.index(chosen), key=key)
    if chosen != _NEW_SWEEP:
        plan = sweep_view.show(chosen, forget=lambda: memory.followed_sweep.set(None))
        if plan is not None:
            memory.followed_run.set(run_view.begin(shared_training.KIND, plan.to_json()))
            train_sections.go_to(train_sections.RUN)
        return
    if not _has_data():
        return
    sweep = sweep_form.choose_sweep()
    if sweep is not None:
        memory.followed_sweep.set(run_view.begin(sweep_view.KIND, sweep.to_json()))
        train_sections.go_to(train_sections.SWEEPS)


def _draw_page() -> None:
    running = shared_training.under_way(shared_training.KIND)
    usual = train_sections.NEW if running is None else train_sections.RUN
    match train_sections.choose_section(usual):
        case train_sections.RUN:
            _draw_run()
        case train_sections.ALL:
            _draw_all()
        case train_sections.SWEEPS:
            _draw_sweeps()
        case _:
            _draw_new()


open_page(TRAIN_MODEL.path)
st.title(TRAIN_MODEL.title, anchor=False)
with notice.on_error():
    _draw_page()
