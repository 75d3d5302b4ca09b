"""Train a model: choose a recipe and a dataset, start, watch it learn, compare runs."""

from __future__ import annotations

import streamlit as st

from core.errors import UnknownRun
from pages.parts import (
    dataset_add,
    memory,
    notice,
    run_view,
    shared_data,
    shared_training,
    train_compare,
    train_form,
    train_keep,
    train_view,
)
from pages.parts.frame import EXPLORE_DATA, TRAIN_MODEL, open_page

_SECTIONS = _NEW, _RUN, _ALL = "New run", "This run", "All runs"


def _draw_empty() -> None:
    with st.container(border=True, width=680):
        st.markdown("**There is no dataset yet.** Open one first, or try with drawn faces.")
        with st.container(horizontal=True, vertical_alignment="center"):
            dataset_add.draw_demo_button()
            st.page_link(EXPLORE_DATA.path, label="Open a dataset", icon=EXPLORE_DATA.icon)


def _draw_new() -> None:
    if not shared_data.datasets():
        dataset_add.follow()
        if memory.opening_run.get() is None:
            _draw_empty()
        return
    plan = train_form.choose_plan()
    if plan is not None:
        memory.followed_run.set(run_view.begin(shared_training.KIND, plan.to_json()))
        _go_to(_RUN)


def _draw_run() -> None:
    running = run_view.running((shared_training.KIND,))
    run_id = memory.followed_run.get() or (running.id if running is not None else None)
    if run_id is None:
        st.write("No run is followed. Start one, or choose one among all runs.")
        return
    try:
        train_view.show(run_id)
    except UnknownRun:
        memory.followed_run.set(None)
        raise


def _draw_all() -> None:
    found = shared_training.rows()
    if not found:
        st.write("Nothing was trained here yet.")
        return
    chosen = train_compare.draw_table(train_keep.choose_by_tags(found))
    if chosen:
        with st.container(horizontal=True):
            if len(chosen) == 1 and st.button("Look at this run", key="look-at-run"):
                memory.followed_run.set(chosen[0].run.id)
                _go_to(_RUN)
            train_keep.draw_delete(chosen)
    if len(chosen) == 1:
        train_keep.draw_notes(chosen[0])
    elif chosen:
        train_compare.draw_comparison(chosen)
    else:
        st.caption("Choose one to look at it, or several to compare them.")
        train_compare.draw_parallel(found)
    if damaged := shared_training.damaged():
        st.caption(
            f"Not shown, as their plans cannot be read: {', '.join(damaged)}. Delete these folders "
            "if nothing in them is wanted."
        )


def _go_to(section: str) -> None:
    """Open another section: the switch is then a new one, and shows it."""
    memory.train_section.set(section)
    memory.train_round.set(memory.train_round.get() + 1)
    st.rerun()


def _choose_section() -> str:
    key = f"train-section-{memory.train_round.get()}"
    if memory.has_come_back_to(key):
        running = run_view.running((shared_training.KIND,))
        usual = _RUN if running is not None else _NEW
        # Kept while the switch stands: another default would make another switch of it.
        memory.train_default.set(memory.train_section.get() or usual)
    section = st.segmented_control(
        "Section",
        _SECTIONS,
        default=memory.train_default.get(),
        required=True,
        label_visibility="collapsed",
        key=key,
    )
    memory.train_section.set(section)
    return section


def _draw_page() -> None:
    match _choose_section():
        case "This run":
            _draw_run()
        case "All runs":
            _draw_all()
        case _:
            _draw_new()


open_page(TRAIN_MODEL.path)
st.title(TRAIN_MODEL.title, anchor=False)
with notice.on_error():
    _draw_page()
