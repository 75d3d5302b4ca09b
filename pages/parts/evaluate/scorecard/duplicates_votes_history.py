"""Further metrics: without duplicates, agreement with human votes, training history."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.evaluation.predictions import Evaluation
from core.evaluation.scorecard import Protocol, ScorecardMetrics, sentences
from pages.parts.evaluate import cached
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain
from pages.parts.train.run import charts as run_charts


def draw(evaluation: Evaluation, protocol: Protocol) -> None:
    """Draw everything that is stored beside the predictions.

    Raises:
        DamagedModel: a file of the evaluation cannot be read.
    """
    _draw_repeats(evaluation, protocol)
    _draw_votes(evaluation, protocol)
    _draw_history(evaluation)


def _draw_repeats(evaluation: Evaluation, protocol: Protocol) -> None:
    found = cached.without_duplicates_of(evaluation, protocol.name)
    everything = cached.protocol_figures(evaluation, protocol.name)
    if not found or everything is None:
        return
    st.markdown("**Without duplicates of training pictures**")
    counts = cached.duplicates_of(evaluation, protocol.name)
    st.caption(plain(sentences.duplicates(counts, everything.figures.pictures, evaluation)))
    if not counts:
        return
    rows = {"All pictures": everything.figures, **found}
    st.dataframe(
        _table(rows),
        hide_index=True,
        column_config={"Pictures": st.column_config.NumberColumn(format="localized")},
        key="figures-repeats",
    )
    own = list(found.values())[-1]
    st.caption(
        f"{sentences.duplicates_effect(everything.figures, own)} Near duplicates are those that "
        "an audit of the dataset found: cropped, mirrored or compressed differently."
    )


def _table(rows: dict[str, ScorecardMetrics]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "": list(rows),
            "Pictures": [one.pictures for one in rows.values()],
            "Accuracy": [sentences.whole(one.accuracy) for one in rows.values()],
            "Balanced accuracy": [sentences.whole(one.balanced_accuracy) for one in rows.values()],
            "Macro-F1": [sentences.whole(one.macro_f1) for one in rows.values()],
        }
    )


def _draw_votes(evaluation: Evaluation, protocol: Protocol) -> None:
    found = cached.votes_on(evaluation, protocol.name)
    if found is None:
        return
    st.markdown("**Agreement with human votes (FER+)**")
    st.write(plain(sentences.votes_agreement(found)))
    sides = (
        ""
        if found.majority_not_label is None
        else "Where the majority vote differs from the label, the model agrees with the vote in "
        f"{sentences.whole(found.majority_not_label)}. "
    )
    st.caption(
        f"{sides}Cross-entropy of its scores to the shares of votes: "
        f"{found.soft_cross_entropy:.3f} nats; the least possible is the entropy of the votes, "
        f"{found.votes_entropy:.3f}."
    )


def _draw_history(evaluation: Evaluation) -> None:
    epochs = cached.history_of(evaluation)
    if not epochs:
        return
    st.markdown("**Training history**")
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("Validation accuracy by epoch")
        _plot(run_charts.accuracy_curves({evaluation.model: epochs}), "accuracy")
    with right:
        st.caption("Training loss on augmented pictures, by epoch")
        _plot(run_charts.loss_curves({evaluation.model: epochs}), "loss")


def _plot(figure: object, key: str) -> None:
    st.plotly_chart(
        shell_charts.escape_figure(figure), config=shell_charts.CONFIG, key=f"figures-learned-{key}"
    )
