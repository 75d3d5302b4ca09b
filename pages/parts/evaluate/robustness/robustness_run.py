"""Starts and follows the run that measures robustness."""

from __future__ import annotations

import streamlit as st

from core.evaluation.predictions import Evaluation
from core.evaluation.robustness import CORRUPTIONS, KIND, RobustnessPlan
from pages.parts.evaluate import cached as evaluate_cached
from pages.parts.evaluate.pictures import cached as pictures_cached
from pages.parts.evaluate.pictures import not_here
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.theme import plain

_LEAST, _MOST = 50, 20000


def follow(evaluation: Evaluation) -> None:
    """Draw the started run, while it is running or if it failed."""
    if _is_under_way(evaluation):
        title = f"Measuring the robustness of {evaluation.model}"
        run_panel.follow(session_state.robustness_run, {KIND: title})


def draw_first(evaluation: Evaluation) -> None:
    """Not measured yet: describe the measurement, and offer it where the pictures are."""
    if _is_under_way(evaluation):
        return
    if pictures_cached.pictures(evaluation, evaluation.judges) is None:
        not_here.draw_not_here(evaluation)
        return
    st.markdown(
        f"**Not measured yet.** The pictures of {plain(evaluation.dataset)} are made darker, "
        "blurred, smaller, tilted, covered and compressed, a little more at each level, and "
        f"{plain(evaluation.model)} is evaluated each time: how much its accuracy drops, from "
        "which level on, and whether its confidence drops too. Takes about a minute."
    )
    _draw_form(evaluation)


def draw_again(evaluation: Evaluation) -> None:
    """Offer to measure again, with other pictures or corruptions."""
    if pictures_cached.pictures(evaluation, evaluation.judges) is None:
        st.caption("To measure again, the evaluated pictures must be on this machine.")
        return
    with st.expander("Measure again"):
        _draw_form(evaluation)


def _draw_form(evaluation: Evaluation) -> None:
    splits = list(evaluate_cached.answers_of(evaluation))
    with st.form("robustness-form", border=False):
        left, right = st.columns(2)
        split = left.selectbox(
            "Split", splits, index=splits.index(evaluation.judges), key="robustness-split"
        )
        pictures = right.number_input(
            "Maximum pictures",
            min_value=_LEAST,
            max_value=_MOST,
            value=1000,
            step=250,
            help="A random sample. 1,000 pictures show a drop of about three points; all of "
            "FER2013's test split take a few minutes.",
            key="robustness-pictures",
        )
        chosen = st.multiselect(
            "Corruptions",
            list(CORRUPTIONS),
            format_func=lambda name: CORRUPTIONS[name].title,
            placeholder="All",
            key="robustness-chosen",
        )
        poses = st.checkbox("Estimate head pose", value=True, key="robustness-poses")
        frames = _choose_frames()
        pressed = st.form_submit_button("Measure", type="primary", icon=":material/tune:")
    if pressed:
        with error_box.on_error():
            plan = RobustnessPlan(
                model=evaluation.model,
                evaluation=evaluation.slug,
                split=split,
                corruptions=tuple(chosen),
                pictures=int(pictures),
                poses=poses,
                frames=frames,
            )
            session_state.robustness_run.set(run_panel.start_run(KIND, plan.to_json()))
            st.rerun()


def _choose_frames() -> str:
    typed = st.text_input(
        "Pictures or videos for face detection",
        placeholder="A folder on this machine (optional)",
        help="Photographs or videos of people who agreed to it; only counts are saved.",
        key="robustness-folder",
    )
    return typed.strip()


def _is_under_way(evaluation: Evaluation) -> bool:
    """Whether the run that this visitor follows is about this evaluation."""
    run_id = session_state.robustness_run.get()
    plan = {} if run_id is None else shell_cached.plan_of(run_id)
    return (plan.get("model"), plan.get("evaluation")) == (evaluation.model, evaluation.slug)
