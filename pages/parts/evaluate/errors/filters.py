"""Which of the judged pictures are shown: by label, by answer, by confidence, by condition."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.wording import percent_ends
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
from pages.parts.shell.theme import exactly, expression_word

_ANY = "Any"


def choose(
    evaluation: Evaluation, split: str, pair: ConfusedPair | None, *, doubtful_only: bool
) -> tuple[NDArray[np.bool_], str]:
    """Draw the filters; the answer is which pictures pass, and words that change with the choice.

    Args:
        pair: chosen among the confused ones: it says label and answer.
        doubtful_only: likely label errors are what is looked at; else they stay apart, unless the
            visitor wants them too.
    """
    evaluated = cached.evaluated(evaluation, split)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        asked = _ask(evaluated, pair)
        condition = st.selectbox(
            "Picture quality",
            [None, *QualityFifth],
            format_func=lambda one: _ANY if one is None else one.value.capitalize(),
            key="errors-condition",
            width=210,
        )
        together = not doubtful_only and st.toggle(
            "Include likely label errors", key="errors-with-doubtful"
        )
    keep = passes(evaluated, asked)
    if not doubtful_only and not together:
        keep = keep & ~cached.label_noise(evaluation, split).flagged
    if condition is not None:
        inside = _inside(evaluation, split, condition)
        _tell_condition(evaluated, condition, inside)
        keep = keep & inside
    return keep, f"{asked}-{condition}-{together}"


def _ask(evaluated: EvaluatedPictures, pair: ConfusedPair | None) -> ErrorFilter:
    if pair is None:
        truth, predicted = _choose_class(evaluated, "Label"), _choose_class(evaluated, "Predicted")
    else:
        truth, predicted = pair.truth, pair.predicted
        st.badge(pair_words(truth, predicted), icon=":material/filter_alt:")
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


def _inside(evaluation: Evaluation, split: str, condition: QualityFifth) -> NDArray[np.bool_]:
    found = cached.pictures(evaluation, split)
    measured = cached.conditions(evaluation, split)
    if found is None or measured is None:
        return np.zeros(len(cached.evaluated(evaluation, split)), dtype=np.bool_)
    return found.among_all(measured.of(condition))


def _tell_condition(
    evaluated: EvaluatedPictures, condition: QualityFifth, inside: NDArray[np.bool_]
) -> None:
    """Whether a condition is harder than the others, in words."""
    found = compare_subset(evaluated, inside)
    if found is None:
        return
    verdict = "no significant difference" if found.difference.is_tie else "a significant difference"
    st.caption(
        f"Error rate of the {condition.value}: {_told(found.inside)}; of the others: "
        f"{_told(found.outside)} (95 % CI). This is {verdict}."
    )


def _told(share: Interval) -> str:
    return f"{exactly(share.value)} {percent_ends(share)}"
