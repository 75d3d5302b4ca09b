"""Start of the training that a drift report recommends."""

from __future__ import annotations

import streamlit as st

from core.training.inputs import small_data_plan
from core.training.monitoring import retraining_plan
from pages.parts.explore import cached as explore_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.navigation import EXPLORE_DATA, TRAIN_MODEL
from pages.parts.shell.theme import plain
from pages.parts.train import cached as train_cached
from pages.parts.train import sections
from pages.parts.train.new_run import dataset_choice


def draw_start(model: str) -> None:
    """Select a dataset and start; the run is then shown on the training page.

    Args:
        model: its weights initialise the network if they fit; empty for random weights.
    """
    if not explore_cached.datasets():
        st.caption("No dataset has been added yet. Training needs labelled pictures.")
        st.page_link(EXPLORE_DATA.path, label="Open a dataset", icon=EXPLORE_DATA.icon)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dataset = dataset_choice.choose_dataset(key="drift-train")
        pressed = st.button("Start training", icon=":material/play_arrow:", key="drift-train-start")
    with error_box.on_error():
        corrections = explore_cached.corrections_of(dataset).key
        plan = retraining_plan(
            dataset, model=model, cards=shell_cached.cards(), corrections=corrections
        )
        st.caption(_initial_weights_text(plan.options.get("begins_with", "")))
        if pressed:
            # Adapted to small datasets, which the recipe would refuse.
            plan = small_data_plan(plan, shell_cached.settings())
            session_state.followed_run.set(run_panel.start_run(train_cached.KIND, plan.to_json()))
            sections.open_at(sections.RUN)
            st.switch_page(TRAIN_MODEL.path)


def _initial_weights_text(model: str) -> str:
    if not model:
        return "Trains from random weights. Use pictures taken under the current conditions."
    return (
        f"Fine-tunes {plain(model)} at a tenth of the learning rate. Use pictures taken under "
        "the current conditions."
    )
