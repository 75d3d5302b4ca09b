"""Answers of several models on the pictures that all of them judged."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7
from core.domain.errors import LabelSchemeMismatch
from core.evaluation.comparison.disagreements import disagreements
from core.evaluation.predictions.picture_matching import match_predictions
from core.evaluation.predictions.predictions import SplitPredictions


def answered(
    digests: list[int], labels: list[int], predicted: list[int], sure: list[float] | None = None
) -> SplitPredictions:
    """Answers of a model that is so sure of what it says."""
    logits = (
        np.eye(7, dtype=np.float32)[predicted] * np.array(sure or [5.0] * len(predicted))[:, None]
    )
    return SplitPredictions(
        np.array(digests, np.uint64),
        np.array(labels, np.int64),
        logits.astype(np.float32),
        FER7.labels,
    )


def right(*answers: SplitPredictions) -> list[list[bool]]:
    """Which of the pictures in common each names right."""
    return [one.right.tolist() for one in match_predictions(answers)]


def test_pictures_are_paired_whatever_their_order() -> None:
    first = answered([11, 22, 33], [0, 1, 2], [0, 1, 0])
    second = answered([33, 11, 22], [2, 0, 1], [2, 0, 0])
    assert right(first, second) == [[True, True, False], [True, False, True]]


def test_a_picture_whose_label_was_corrected_between_two_evaluations_is_left_out() -> None:
    found = right(answered([11, 22], [0, 1], [0, 1]), answered([11, 22], [0, 4], [0, 4]))
    assert found == [[True], [True]]


def test_copies_of_a_picture_are_paired_once_each() -> None:
    first = answered([7, 7, 7], [3, 3, 5], [3, 0, 5])
    second = answered([7, 7], [3, 3], [0, 3])
    assert right(first, second) == [[True, False], [False, True]]


def test_three_models_keep_what_all_of_them_judged() -> None:
    parts = [answered(list(at), [0] * 3, [0] * 3) for at in ((1, 2, 3), (2, 3, 4), (3, 2, 9))]
    assert [one.digests.tolist() for one in match_predictions(parts)] == [[2, 3]] * 3


def test_answers_under_other_classes_are_refused() -> None:
    second = SplitPredictions(
        np.array([1], np.uint64), np.array([0]), np.zeros((1, 2), np.float32), ("calm", "tense")
    )
    with pytest.raises(LabelSchemeMismatch, match="calm, tense"):
        match_predictions([answered([1], [0], [0]), second])


def test_what_only_one_names_right_is_found_surest_first() -> None:
    first = answered([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [2, 9, 3, 8, 5])
    second = answered([5, 4, 3, 2, 1], [0, 0, 0, 0, 0], [1, 0, 0, 1, 1])
    found = disagreements(first, second)
    assert found.only_first.tolist() == [1, 0]
    assert found.only_second.tolist() == [3, 2]
