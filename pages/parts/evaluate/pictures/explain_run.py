"""Starts and follows the run that explains a model."""

from __future__ import annotations

import streamlit as st

from core.evaluation.explain import KIND, ExplainPlan
from core.evaluation.predictions import Evaluation
from pages.parts.shell import cached, error_box, run_panel, session_state


def draw_start(evaluation: Evaluation, split: str, *, words: str) -> None:
    """The button that explains a whole split."""
    plan = ExplainPlan(evaluation.model, evaluation.slug, split)
    if st.button(words, key="explain-start", type="primary", icon=":material/visibility:"):
        _begin(plan)


def draw_start_one(evaluation: Evaluation, split: str, digest: int) -> None:
    """The button that starts computing the map of one picture."""
    plan = ExplainPlan(evaluation.model, evaluation.slug, split, wanted=(f"{digest:016x}",))
    if st.button("Compute its Grad-CAM++ map", key="explain-wanted", icon=":material/visibility:"):
        _begin(plan)
    st.caption("A worker process with TensorFlow computes it, in about half a minute.")


def follow(evaluation: Evaluation) -> None:
    """Draw the started run, while it is running or if it failed."""
    if is_under_way(evaluation):
        run_panel.follow(session_state.explain_run, {KIND: f"Explaining {evaluation.model}"})


def is_under_way(evaluation: Evaluation) -> bool:
    """Whether the run that this visitor follows is about this evaluation."""
    run_id = session_state.explain_run.get()
    plan = {} if run_id is None else cached.plan_of(run_id)
    return (plan.get("model"), plan.get("evaluation")) == (evaluation.model, evaluation.slug)


def _begin(plan: ExplainPlan) -> None:
    with error_box.on_error():
        session_state.explain_run.set(run_panel.start_run(KIND, plan.to_json()))
        st.rerun()
