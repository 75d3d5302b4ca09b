"""Export of a plan as a notebook, and TensorBoard."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.training import TrainingPlan
from core.training.monitoring import tensorboard
from core.training.remote import build_notebook, file_name
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, fragments
from pages.parts.train import cached as train_cached

_POLL_INTERVAL_S = 1.0


def draw_notebook_button(plan: TrainingPlan, *, key: str) -> None:
    """A button that exports a plan as a notebook; nothing for a fold or a trial.

    Call it in a horizontal container.

    Args:
        key: of the button.
    """
    if not plan.makes_model:
        return
    st.download_button(
        "Export notebook",
        partial(_notebook, plan),
        file_name=file_name(plan),
        mime="application/x-ipynb+json",
        icon=":material/terminal:",
        on_click="ignore",
        key=key,
        help="A notebook for Jupyter or Colab that trains this plan on another machine, for "
        "example one with a GPU. It contains Mien's code and no pictures.",
    )


def _notebook(plan: TrainingPlan) -> bytes:
    return build_notebook(plan, shell_cached.settings(), train_cached.dataset_of(plan))


def draw_tensorboard_button() -> None:
    """A button that starts TensorBoard; while it runs, a link to it and a button to stop it.

    Nothing is drawn if it is not installed.
    """
    if not tensorboard.is_installed():
        return
    starting = _is_starting()

    @fragments.fragment(run_every=_POLL_INTERVAL_S if starting else None)
    @error_box.on_error()
    def view() -> None:
        if starting and not _is_starting():
            st.rerun()  # once: it stops the timer
        with error_box.on_error(), st.container(horizontal=True, vertical_alignment="center"):
            if address := tensorboard.address(shell_cached.settings()):
                _draw_alive(address)
            elif _is_starting():
                st.caption("TensorBoard is starting …")
            elif st.button("TensorBoard", key="tensorboard-start", icon=":material/insights:"):
                tensorboard.start(shell_cached.settings())
                st.rerun()

    view()


def _is_starting() -> bool:
    return tensorboard.is_starting(shell_cached.settings(), now=datetime.now(UTC))


def _draw_alive(address: str) -> None:
    st.link_button("Open TensorBoard", address, icon=":material/insights:")
    if st.button("Stop TensorBoard", key="tensorboard-stop"):
        tensorboard.stop(shell_cached.settings())
        st.rerun()
    st.caption("Reachable only from the machine that Mien runs on.")
