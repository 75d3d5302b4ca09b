"""Errors of a model: confused classes and misclassified pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.counted import counted, tenths
from core.domain.wording import exactly, percent_ends
from core.evaluation.predictions import Evaluation
from core.evaluation.scorecard import (
    ConfusedPair,
    ErrorKind,
    ErrorSummary,
    EvaluatedPictures,
    LabelNoise,
    errors,
)
from pages.parts.evaluate.errors import charts as errors_charts
from pages.parts.evaluate.errors import filters
from pages.parts.evaluate.pictures import cached, close_up, gallery, split_choice
from pages.parts.evaluate.pictures.not_here import draw_not_here
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import expression_word, plain

_CHARTED_PAIRS = 10
_NOISY = "likely label errors"
_WHAT = {
    ErrorKind.CONFIDENT_ERRORS: "Misclassified, the most confident first.",
    ErrorKind.LOW_MARGIN_ERRORS: (
        "Misclassified, those first whose label has nearly the highest score."
    ),
    ErrorKind.CORRECT_LOW_CONFIDENCE: "Correct, the least confident first.",
    _NOISY: "Correct or misclassified, the most likely label error first.",
}


def draw(evaluation: Evaluation) -> None:
    """Errors of one evaluation.

    Raises:
        DamagedModel, UnreadableDataset: answers or an audit are damaged.
    """
    split = split_choice.choose(evaluation)
    evaluated = cached.evaluated(evaluation, split)
    label_noise = cached.label_noise(evaluation, split)
    summary = errors.summarise(evaluated, label_noise.flagged)
    if summary is None:
        st.info("These pictures have no labels, so there are no errors to show.")
        return
    _draw_summary(summary)
    pair = _draw_pairs(errors.confused_pairs(evaluated, label_noise.flagged))
    st.caption(plain(label_noise.sentence))
    _draw_pictures(evaluation, split, pair)


def _draw_summary(summary: ErrorSummary) -> None:
    columns = st.columns(4)
    columns[0].metric(
        "Misclassified",
        f"{summary.wrong:,}",
        help="Pictures predicted as another class than their label.",
    )
    columns[1].metric("Error rate", tenths(summary.share.value), help=_between(summary.share))
    columns[2].metric(
        "Of these, likely label errors",
        f"{summary.noisy:,}",
        help="Misclassified pictures whose label is likely wrong.",
    )
    columns[3].metric(
        "Label not in doubt",
        f"{summary.clean:,}",
        help="Misclassified pictures without a sign of a label error.",
    )


def _draw_pairs(pairs: Sequence[ConfusedPair]) -> ConfusedPair | None:
    """Draw the pairs; returns the one selected in the table."""
    st.subheader("Most confused classes", anchor=False)
    if not pairs:
        st.success("No class was confused with another.", icon=":material/check_circle:")
        return None
    left, right = st.columns([13, 9], gap="medium")
    with left:
        selected = st.dataframe(
            pd.DataFrame([_row(pair) for pair in pairs]),
            hide_index=True,
            on_select="rerun",
            selection_mode="single-row",
            height=min(len(pairs), _CHARTED_PAIRS) * 35 + 38,
            column_config={
                "Label": st.column_config.TextColumn(width=72),
                "Predicted": st.column_config.TextColumn(width=72),
                "Pictures": st.column_config.NumberColumn(width=66),
                "Share of label": st.column_config.TextColumn(
                    width=138, help="Share of all pictures with this label, and its 95 % interval."
                ),
                "Label errors": st.column_config.NumberColumn(
                    width=84, help="How many of them carry a label that is likely wrong."
                ),
            },
            key="confused-pairs",
        )
        st.caption("Choose a row to see its pictures below.")
    with right:
        figure = errors_charts.confused_pairs(pairs[:_CHARTED_PAIRS])
        st.plotly_chart(
            shell_charts.escape_figure(figure),
            config=shell_charts.CONFIG,
            key="confused-pairs-chart",
        )
    rows = selected.selection.rows
    return pairs[rows[0]] if rows and rows[0] < len(pairs) else None


def _row(pair: ConfusedPair) -> dict[str, object]:
    share = pair.share
    return {
        "Label": expression_word(pair.truth),
        "Predicted": expression_word(pair.predicted),
        "Pictures": pair.pictures,
        "Share of label": exactly(share),
        "Label errors": pair.noisy,
    }


def _draw_pictures(evaluation: Evaluation, split: str, pair: ConfusedPair | None) -> None:
    st.subheader("Pictures", anchor=False)
    found = cached.pictures(evaluation, split)
    if found is None:
        draw_not_here(evaluation)
        return
    evaluated = cached.evaluated(evaluation, split)
    label_noise = cached.label_noise(evaluation, split)
    kind = _choose_kind(evaluated, label_noise)
    keep, key = filters.choose(evaluation, split, pair, noisy_only=kind == _NOISY)
    positions = _positions(evaluated, label_noise, kind, keep & found.here)
    st.caption(f"{counted(len(positions), 'picture')}. {_WHAT[kind]}")
    if len(positions) == 0:
        st.info("No picture matches these filters.")
        return
    key = f"errors-{evaluation.slug}-{split}-{kind}-{key}"
    gallery.draw(evaluated, found, label_noise, positions, key=key)
    close_up.draw_chosen(evaluation, split)


def _choose_kind(evaluated: EvaluatedPictures, label_noise: LabelNoise) -> str:
    """Draw the choice of pictures, with the number of each kind before any filter."""
    clean = ~label_noise.flagged
    counts: dict[str, int] = {
        kind: len(errors.ordered(evaluated, kind, clean)) for kind in ErrorKind
    }
    counts |= {_NOISY: int(label_noise.flagged.sum())}
    return st.segmented_control(
        "Which pictures",
        list(_WHAT),
        default=ErrorKind.CONFIDENT_ERRORS,
        required=True,
        format_func=lambda kind: f"{str(kind).capitalize()} · {counts[kind]:,}",
        label_visibility="collapsed",
        key="errors-kind",
        wrap=True,
    )


def _positions(
    evaluated: EvaluatedPictures, label_noise: LabelNoise, kind: str, keep: NDArray[np.bool_]
) -> NDArray[np.int64]:
    if kind == _NOISY:
        return label_noise.worst_first(keep)
    return errors.ordered(evaluated, ErrorKind(kind), keep)


def _between(share: Interval) -> str:
    return f"Share of labelled pictures; 95 % CI {percent_ends(share)}."
