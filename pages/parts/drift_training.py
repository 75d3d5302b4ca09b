"""Starting the training that a drift report proposes."""

from __future__ import annotations

import streamlit as st

from core.training.inputs.training_data import fitted_plan
from core.training.monitoring.retraining import retraining_plan
from pages.parts import (
    memory,
    notice,
    run_view,
    shared,
    shared_data,
    shared_training,
    train_data,
    train_sections,
)
from pages.parts.frame import EXPLORE_DATA, TRAIN_MODEL
from pages.parts.theme import plain


def draw_start(model: str) -> None:
    """Choose the pictures and start; the run is then followed on the training page.

    Args:
        model: whose weights it begins with where they fit; empty for random ones.
    """
    if not shared_data.datasets():
        st.caption("No dataset is open here yet. Training starts from labelled pictures.")
        st.page_link(EXPLORE_DATA.path, label="Open a dataset", icon=EXPLORE_DATA.icon)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dataset = train_data.choose_dataset(key="drift-train")
        pressed = st.button(
            "Start this training", icon=":material/play_arrow:", key="drift-train-start"
        )
    with notice.on_error():
        corrections = shared_data.corrections_of(dataset).key
        plan = retraining_plan(dataset, model=model, cards=shared.cards(), corrections=corrections)
        st.caption(_begins(plan.options.get("begins_with", "")))
        if pressed:
            # Pictures of one's own are few, and a recipe for thousands would refuse them.
            plan = fitted_plan(plan, shared.settings())
            memory.followed_run.set(run_view.begin(shared_training.KIND, plan.to_json()))
            train_sections.open_at(train_sections.RUN)
            st.switch_page(TRAIN_MODEL.path)


def _begins(model: str) -> str:
    if not model:
        return "It begins with random weights. Use pictures that look like what is seen now."
    return (
        f"It fine-tunes {plain(model)} at a tenth of the learning rate. Use pictures that "
        "look like what is seen now."
    )
