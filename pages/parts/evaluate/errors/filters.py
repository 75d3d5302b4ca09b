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
    judged = cached.judged(evaluation, split)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        asked = _ask(judged, pair)
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
    keep = passes(judged, asked)
    if not doubtful_only and not together:
        keep = keep & ~cached.doubtful(evaluation, split).flagged
    if condition is not None:
        inside = _inside(evaluation, split, condition)
        _tell_condition(judged, condition, inside)
        keep = keep & inside
    return keep, f"{asked}-{condition}-{together}"


def _ask(judged: EvaluatedPictures, pair: ConfusedPair | None) -> ErrorFilter:
    if pair is None:
        truth, said = _choose_class(judged, "Label"), _choose_class(judged, "Predicted")
    else:
        truth, said = pair.truth, pair.said
        st.badge(pair_words(truth, said), icon=":material/filter_alt:")
    low, high = st.slider(
        "Confidence", 0, 100, (0, 100), step=5, format="%d %%", key="errors-confidence", width=220
    )
    return ErrorFilter(truth, said, low / 100, high / 100)


def _choose_class(judged: EvaluatedPictures, title: str) -> str | None:
    return st.selectbox(
        title,
        [None, *judged.classes],
        format_func=lambda one: _ANY if one is None else expression_word(one),
        key=f"errors-{title.lower()}",
        width=140,
    )


def _inside(evaluation: Evaluation, split: str, condition: QualityFifth) -> NDArray[np.bool_]:
    found = cached.pictures(evaluation, split)
    measured = cached.conditions(evaluation, split)
    if found is None or measured is None:
        return np.zeros(len(cached.judged(evaluation, split)), dtype=np.bool_)
    return found.among_all(measured.of(condition))


def _tell_condition(
    judged: EvaluatedPictures, condition: QualityFifth, inside: NDArray[np.bool_]
) -> None:
    """Whether a condition is harder than the others, in words."""
    found = compare_subset(judged, inside)
    if found is None:
        return
    verdict = "no significant difference" if found.difference.is_tie else "a significant difference"
    st.caption(
        f"Error rate of the {condition.value}: {_told(found.inside)}; of the others: "
        f"{_told(found.outside)} (95 % CI). This is {verdict}."
    )


def _told(share: Interval) -> str:
    return f"{exactly(share.value)} {percent_ends(share)}"
