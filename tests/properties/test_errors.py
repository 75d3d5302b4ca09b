"""Laws of errors: pairs are the confusion matrix, orders lose nobody."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from core.domain import FER7
from core.evaluation.scorecard.errors import (
    ErrorFilter,
    ErrorKind,
    EvaluatedPictures,
    confused_pairs,
    ordered,
    passes,
)


@st.composite
def judged_sets(draw: st.DrawFn) -> EvaluatedPictures:
    """Any labels, unlabelled among them, with any scores."""
    count = draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = rng.dirichlet(np.ones(7) * 0.3, count)
    labels = rng.integers(-1, 7, count)
    return EvaluatedPictures(np.arange(count, dtype=np.uint64), labels, scores, FER7.labels)


@given(judged_sets())
def test_pairs_count_what_the_confusion_matrix_counts(evaluated: EvaluatedPictures) -> None:
    known = evaluated.labelled
    assume(known.any())  # scikit-learn makes no matrix of nothing
    expected = confusion_matrix(
        evaluated.labels[known], evaluated.predicted[known], labels=range(7)
    )
    pairs = confused_pairs(evaluated, np.zeros(len(evaluated), np.bool_))
    counts = [pair.pictures for pair in pairs]
    assert counts == sorted(counts, reverse=True)
    for pair in pairs:
        at = FER7.index(pair.truth), FER7.index(pair.predicted)
        assert pair.pictures == expected[at]
        assert pair.of == expected[at[0]].sum()
        assert pair.truth != pair.predicted
    assert sum(counts) == int(evaluated.wrong.sum())


@given(judged_sets())
def test_every_wrong_picture_is_in_both_galleries_of_errors(evaluated: EvaluatedPictures) -> None:
    every = np.ones(len(evaluated), np.bool_)
    wrong = np.flatnonzero(evaluated.wrong)
    for kind in (ErrorKind.CONFIDENT_ERRORS, ErrorKind.LOW_MARGIN_ERRORS):
        assert np.array_equal(np.sort(ordered(evaluated, kind, every)), wrong)
    right = np.sort(ordered(evaluated, ErrorKind.CORRECT_LOW_CONFIDENCE, every))
    assert np.array_equal(right, np.flatnonzero(evaluated.right))


@given(judged_sets(), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_a_wider_range_of_confidence_loses_no_picture(
    evaluated: EvaluatedPictures, one: float, other: float, more: float
) -> None:
    low, high = min(one, other), max(one, other)
    narrow = passes(evaluated, ErrorFilter(least=low, most=high))
    wide = passes(evaluated, ErrorFilter(least=low - more, most=high + more))
    assert not (narrow & ~wide).any()


@given(judged_sets())
def test_classes_divide_the_labelled_pictures(evaluated: EvaluatedPictures) -> None:
    parts = [passes(evaluated, ErrorFilter(truth=label)) for label in FER7.labels]
    assert np.array_equal(np.sum(parts, axis=0), evaluated.labelled.astype(int))
