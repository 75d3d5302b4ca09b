"""Which pictures are wrong, in which order, and which classes are confused."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7, UNLABELLED
from core.evaluation.scorecard.errors import (
    ErrorFilter,
    ErrorKind,
    EvaluatedPictures,
    compare_subset,
    confused_pairs,
    evaluated_pictures,
    ordered,
    passes,
    summarise,
)
from tests.evaluations_on_disk import make_answers
from tests.explanations import make_evaluated

NONE = np.zeros(6, dtype=np.bool_)
ALL = ~NONE


@pytest.fixture
def evaluated() -> EvaluatedPictures:
    """Fear named sad twice, happy named angry, one without label, two right."""
    return make_evaluated(
        [2, 2, 3, UNLABELLED, 0, 6], [4, 4, 0, 1, 0, 6], [0.6, 0.9, 0.7, 1, 0.5, 1]
    )


def test_scores_are_divided_by_the_temperature() -> None:
    answers = make_answers(np.ones(5, np.bool_))
    calm = evaluated_pictures(answers, temperature=4.0)
    sure = evaluated_pictures(answers, temperature=0.5)
    assert (calm.predicted == sure.predicted).all()
    assert (calm.confidence < sure.confidence).all()
    assert np.allclose(calm.scores.sum(axis=1), 1)


def test_a_picture_without_label_is_neither_right_nor_wrong(evaluated: EvaluatedPictures) -> None:
    assert evaluated.wrong.tolist() == [True, True, True, False, False, False]
    assert evaluated.right.tolist() == [False, False, False, False, True, True]
    assert evaluated.margin[3] == 0


def test_the_most_confused_pair_comes_first_with_its_share(evaluated: EvaluatedPictures) -> None:
    noisy = np.array([True, False, False, False, False, False])
    first, second = confused_pairs(evaluated, noisy)
    assert (first.truth, first.predicted, first.pictures, first.of) == ("fear", "sad", 2, 2)
    assert first.noisy == 1
    assert first.share.value == 1.0
    assert first.share.low < 0.5 < first.share.high  # two pictures say little
    assert (second.truth, second.predicted, second.noisy) == ("happy", "angry", 0)


def test_surest_errors_come_before_less_sure_ones(evaluated: EvaluatedPictures) -> None:
    assert ordered(evaluated, ErrorKind.CONFIDENT_ERRORS, ALL).tolist() == [1, 2, 0]


def test_narrow_errors_begin_where_the_label_nearly_won() -> None:
    evaluated = make_evaluated(
        [1, 0, 1], [0, 3, 0], [0.55, 0.6, 0.9]
    )  # the label of the others is next
    assert ordered(evaluated, ErrorKind.LOW_MARGIN_ERRORS, np.ones(3, np.bool_)).tolist() == [
        0,
        1,
        2,
    ]


def test_unsure_ones_among_the_right_come_first(evaluated: EvaluatedPictures) -> None:
    assert ordered(evaluated, ErrorKind.CORRECT_LOW_CONFIDENCE, ALL).tolist() == [4, 5]


def test_pictures_that_are_not_to_be_kept_are_left_out(evaluated: EvaluatedPictures) -> None:
    assert ordered(evaluated, ErrorKind.CONFIDENT_ERRORS, NONE).tolist() == []


@pytest.mark.parametrize(
    ("criteria", "kept"),
    [
        (ErrorFilter(), [0, 1, 2, 3, 4, 5]),
        (ErrorFilter(truth="angry"), [4]),  # class 0 is a class
        (ErrorFilter(predicted="angry"), [2, 4]),
        (ErrorFilter(truth="fear", predicted="sad", least=0.7), [1]),
        (ErrorFilter(most=0.6), [0, 4]),
    ],
)
def test_filters_keep_the_requested_pictures(
    evaluated: EvaluatedPictures, criteria: ErrorFilter, kept: list[int]
) -> None:
    assert np.flatnonzero(passes(evaluated, criteria)).tolist() == kept


def test_errors_with_a_noisy_label_are_counted_separately(evaluated: EvaluatedPictures) -> None:
    noisy = np.array([True, False, False, False, True, False])
    found = summarise(evaluated, noisy)
    assert found is not None
    assert (found.wrong, found.noisy, found.clean) == (3, 1, 2)
    assert found.share.value == pytest.approx(3 / 5)


def test_nothing_is_summed_up_without_labels() -> None:
    evaluated = make_evaluated([UNLABELLED, UNLABELLED], [0, 1])
    assert summarise(evaluated, np.zeros(2, np.bool_)) is None
    assert confused_pairs(evaluated, np.zeros(2, np.bool_)) == ()


def test_a_few_more_errors_in_the_dark_may_be_chance() -> None:
    evaluated = make_evaluated([0] * 20, [0] * 12 + [1] * 8)
    dark = np.zeros(20, np.bool_)
    dark[[0, 1, 12, 13]] = True
    found = compare_subset(evaluated, dark)
    assert found is not None
    assert found.inside.value == 0.5
    assert found.difference.is_tie


def test_many_more_errors_in_the_dark_are_not_chance() -> None:
    evaluated = make_evaluated([0] * 200, [1] * 80 + [0] * 120)
    found = compare_subset(evaluated, np.arange(200) < 100)
    assert found is not None
    assert not found.difference.is_tie


def test_nothing_is_compared_with_nothing(evaluated: EvaluatedPictures) -> None:
    assert compare_subset(evaluated, NONE) is None
    assert compare_subset(evaluated, ALL) is None


def test_scores_of_other_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="scores for"):
        EvaluatedPictures(
            np.zeros(2, np.uint64), np.zeros(2, np.int64), np.zeros((2, 3)), FER7.labels
        )
