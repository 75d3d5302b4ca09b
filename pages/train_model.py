"""Train a model: choose a recipe and a dataset, start, follow its metrics, compare runs, sweep."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import UnknownRun
from core.training.monitoring import RunRow
from pages.parts.explore import add_dataset
from pages.parts.explore import cached as explore_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.navigation import EXPLORE_DATA, TRAIN_MODEL, open_page
from pages.parts.shell.theme import plain
from pages.parts.train import cached as train_cached
from pages.parts.train import sections
from pages.parts.train.all_runs import manage_runs, runs_table
from pages.parts.train.new_run import plan_form
from pages.parts.train.run import external_tools, run_view
from pages.parts.train.sweeps import form, sweep_view

_NEW_SWEEP = "A new sweep"


def _draw_empty() -> None:
    with st.container(border=True, width=680):
        st.markdown("**There is no dataset yet.** Open one first, or try synthetic faces.")
        with st.container(horizontal=True, vertical_alignment="center"):
            add_dataset.draw_demo_button()
            st.page_link(EXPLORE_DATA.path, label="Open a dataset", icon=EXPLORE_DATA.icon)


def _has_data() -> bool:
    """Whether there is a dataset; if not, offer one."""
    if explore_cached.datasets():
        return True
    if not add_dataset.follow():
        _draw_empty()
    return False


def _draw_new() -> None:
    if not _has_data():
        return
    plan = plan_form.choose_plan()
    if plan is not None:
        session_state.followed_run.set(run_panel.start_run(train_cached.KIND, plan.to_json()))
        sections.go_to(sections.RUN)


def _draw_run() -> None:
    run_id = (
        session_state.followed_run.get()
        or train_cached.first_active(train_cached.KIND)
        or train_cached.newest_completed()
    )
    if run_id is None:
        st.write("No completed run yet. Start one under New run, or open one under All runs.")
        return
    try:
        run_view.show(run_id)
    except UnknownRun:
        session_state.followed_run.set(None)
        raise


def _draw_all() -> None:
    found = train_cached.rows()
    if found:
        shown = manage_runs.choose_by_tags(found)
        _draw_some(runs_table.draw_table(shown), shown)
    else:
        st.write("There are no runs yet. Start one under New run.")
    if damaged := train_cached.damaged():
        st.caption(
            f"Not shown, because their plans cannot be read: {plain(', '.join(damaged))}. Delete "
            "these folders if you do not need them."
        )
    if found:
        external_tools.draw_tensorboard_button()


def _draw_some(chosen: list[RunRow], shown: list[RunRow]) -> None:
    """Actions for the runs that are selected in the table."""
    if not chosen:
        st.caption("Select one run to open it, or several to compare them.")
        runs_table.draw_parallel(shown)
        return
    with st.container(horizontal=True):
        if len(chosen) == 1 and st.button("Open this run", key="look-at-run"):
            session_state.followed_run.set(chosen[0].run.id)
            sections.go_to(sections.RUN)
        manage_runs.draw_delete(chosen)
    if len(chosen) == 1:
        manage_runs.draw_notes(chosen[0])
    else:
        runs_table.draw_comparison(chosen)


def _draw_sweeps() -> None:
    sweeps = train_cached.sweeps()
    followed = session_state.followed_sweep.get() or train_cached.first_active(sweep_view.KIND)
    chosen = followed if followed in sweeps else _NEW_SWEEP
    if sweeps:
        options = [_NEW_SWEEP, *sweeps]
        # A key per followed sweep: a new widget then shows that one.
        key = f"sweep-chosen-{followed}"
        chosen = st.selectbox("Sweep", options, index=options.index(chosen), key=key)
    if chosen != _NEW_SWEEP:
        plan = sweep_view.show(chosen, forget=lambda: session_state.followed_sweep.set(None))
        if plan is not None:
            session_state.followed_run.set(run_panel.start_run(train_cached.KIND, plan.to_json()))
            sections.go_to(sections.RUN)
        return
    if not _has_data():
        return
    sweep = form.choose_sweep()
    if sweep is not None:
        session_state.followed_sweep.set(run_panel.start_run(sweep_view.KIND, sweep.to_json()))
        sections.go_to(sections.SWEEPS)


def _draw_page() -> None:
    running = train_cached.first_active(train_cached.KIND)
    default = sections.NEW if running is None else sections.RUN
    match sections.choose_section(default):
        case sections.RUN:
            _draw_run()
        case sections.ALL:
            _draw_all()
        case sections.SWEEPS:
            _draw_sweeps()
        case _:
            _draw_new()


open_page(TRAIN_MODEL.path)
st.title(TRAIN_MODEL.title, anchor=False)
with error_box.on_error():
    _draw_page()
