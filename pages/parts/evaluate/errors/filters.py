"""Filters of the shown pictures: by label, prediction, confidence and picture quality."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.wording import exactly
from core.evaluation.predictions import Evaluation
from core.evaluation.robustness import QualityFifth
from core.evaluation.scorecard import (
    ConfusedPair,
    ErrorFilter,
    EvaluatedPictures,
    compare_subset,
    passes,
)
from pages.parts.evaluate.errors.charts import pair_words
from pages.parts.evaluate.pictures import cached
from pages.parts.shell.theme import expression_word, plain

_ANY = "Any"


def choose(
    evaluation: Evaluation, split: str, pair: ConfusedPair | None, *, noisy_only: bool
) -> tuple[NDArray[np.bool_], str]:
    """Draw the filters; returns which pictures pass, and a key that changes with the choice.

    Args:
        pair: of confused classes that was chosen; it sets label and prediction.
        noisy_only: likely label errors are what is looked at; else they stay apart, unless the
            visitor wants them too.
    """
    evaluated = cached.evaluated(evaluation, split)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        criteria = _choose_filter(evaluated, pair)
        fifth = st.selectbox(
            "Picture quality",
            [None, *QualityFifth],
            format_func=lambda one: _ANY if one is None else one.value.capitalize(),
            key="errors-condition",
            width=210,
        )
        with_noisy = not noisy_only and st.toggle(
            "Include likely label errors", key="errors-with-doubtful"
        )
    keep = passes(evaluated, criteria)
    if not noisy_only and not with_noisy:
        keep = keep & ~cached.label_noise(evaluation, split).flagged
    if fifth is not None:
        inside = _in_fifth(evaluation, split, fifth)
        _draw_comparison(evaluated, fifth, inside)
        keep = keep & inside
    return keep, f"{criteria}-{fifth}-{with_noisy}"


def _choose_filter(evaluated: EvaluatedPictures, pair: ConfusedPair | None) -> ErrorFilter:
    if pair is None:
        truth, predicted = _choose_class(evaluated, "Label"), _choose_class(evaluated, "Predicted")
    else:
        truth, predicted = pair.truth, pair.predicted
        st.badge(plain(pair_words(truth, predicted)), icon=":material/filter_alt:")
    low, high = st.slider(
        "Confidence", 0, 100, (0, 100), step=5, format="%d %%", key="errors-confidence", width=220
    )
    return ErrorFilter(truth, predicted, low / 100, high / 100)


def _choose_class(evaluated: EvaluatedPictures, title: str) -> str | None:
    return st.selectbox(
        title,
        [None, *evaluated.classes],
        format_func=lambda one: _ANY if one is None else expression_word(one),
        key=f"errors-{title.lower()}",
        width=140,
    )


def _in_fifth(evaluation: Evaluation, split: str, fifth: QualityFifth) -> NDArray[np.bool_]:
    found = cached.pictures(evaluation, split)
    measured = cached.picture_measures(evaluation, split)
    if found is None or measured is None:
        return np.zeros(len(cached.evaluated(evaluation, split)), dtype=np.bool_)
    return found.among_all(measured.of(fifth))


def _draw_comparison(
    evaluated: EvaluatedPictures, fifth: QualityFifth, inside: NDArray[np.bool_]
) -> None:
    """Draw the error rate of a fifth compared with the other pictures."""
    found = compare_subset(evaluated, inside)
    if found is None:
        return
    conclusion = (
        "no significant difference" if found.difference.is_tie else "a significant difference"
    )
    st.caption(
        f"Error rate of the {fifth.value}: {_share_words(found.inside)}; of the others: "
        f"{_share_words(found.outside)} (95 % CI). This is {conclusion}."
    )


def _share_words(share: Interval) -> str:
    return exactly(share)
