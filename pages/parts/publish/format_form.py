"""The form for a conversion, and the view of its run."""

from __future__ import annotations

import streamlit as st

from core.conversion import FORMATS, ConvertPlan
from core.domain import ModelCard
from pages.parts.explore import cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.theme import plain

KIND = "convert"
_TRAINING_DATASET = ""
"""The choice of the model's training dataset."""


def follow() -> bool:
    """Show the conversion in progress, or how the last one ended; whether one is running."""
    running = run_panel.active_run((KIND,))
    if running is not None:
        session_state.convert_run.set(running.id)
    return run_panel.follow(session_state.convert_run, {KIND: "Converting and testing"})


def draw_first(card: ModelCard) -> None:
    """What a model without formats can be converted to."""
    st.markdown(
        f"**{plain(card.name)} has not been converted yet.** Each format is run in its own "
        "runtime on the same faces as the network. A format whose predictions differ is "
        "refused, with the measured difference. This takes some minutes on two cores."
    )
    st.markdown("\n".join(f"- **{one.title}** · {one.good_for}" for one in FORMATS.values()))
    if st.button("Convert to all formats", type="primary", key="publish-all"):
        begin(ConvertPlan(card.name))
    with st.expander("Choose formats and faces"):
        draw(card)


def draw(card: ModelCard) -> None:
    """The options of a conversion, and the button that starts it."""
    names = [one.name for one in cached.datasets()]
    with st.form(f"publish-form-{card.name}", border=False):
        formats = st.multiselect(
            "Formats",
            list(FORMATS),
            default=list(FORMATS),
            format_func=lambda name: FORMATS[name].title,
            key=f"publish-formats-{card.name}",
        )
        left, middle, right = st.columns([3, 1, 1])
        dataset = left.selectbox(
            "Test dataset (its test split)",
            [_TRAINING_DATASET, *names],
            format_func=lambda name: name or "its training dataset, or synthetic faces",
            help="Synthetic faces are used if the dataset is not on this machine. They test "
            "whether predictions agree, not accuracy.",
            key="publish-dataset",
        )
        pictures = middle.number_input(
            "Maximum pictures", 0, step=100, key="publish-pictures", help="0: all pictures."
        )
        threads = right.number_input(
            "Threads",
            1,
            64,
            key="publish-threads",
            help="For the comparison; speed is always measured with one thread.",
        )
        submitted = st.form_submit_button("Convert", key="publish-make")
    if not submitted:
        return
    if not formats:
        st.warning("Choose at least one format.", icon=":material/info:")
        return
    plan = ConvertPlan(
        card.name, tuple(formats), dataset=dataset, pictures=int(pictures), threads=int(threads)
    )
    begin(plan)


def begin(plan: ConvertPlan) -> None:
    """Start a conversion; the page then follows it."""
    with error_box.on_error():
        session_state.convert_run.set(run_panel.start_run(KIND, plan.to_json()))
        st.rerun()
