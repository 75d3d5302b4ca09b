from __future__ import annotations

import numpy as np
import pytest

from core.datasets.labels.ferplus_votes import Votes
from core.domain import FER7
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.ferplus import fer_plus, majority_of


def make_votes(*rows, others=0):
    counts = np.array(rows, dtype=np.int64)
    return Votes(counts, np.full(len(counts), others), np.full(len(counts), "PrivateTest"))


def said(labels, answers, *, sure=20.0):
    logits = np.eye(7, dtype=np.float32)[np.array(answers)] * sure
    return SplitPredictions(
        np.arange(len(labels), dtype=np.uint64), np.array(labels), logits, FER7.labels
    )


ANGRY, HAPPY, TORN = [9, 1, 0, 0, 0, 0, 0], [0, 0, 0, 10, 0, 0, 0], [5, 5, 0, 0, 0, 0, 0]


def test_a_majority_is_one_class_above_every_other():
    assert majority_of(make_votes(ANGRY, HAPPY, TORN, [0] * 7)).tolist() == [0, 3, -1, -1]
    assert majority_of(make_votes(ANGRY, others=9)).tolist() == [-1]


def test_agreement_is_counted_on_pictures_with_a_majority():
    # The label of the second contradicts people; the model sides with them.
    found = fer_plus(said([0, 6, 2], [0, 3, 2]), make_votes(ANGRY, HAPPY, TORN), temperature=1.0)
    assert found.pictures == 2
    assert found.model_and_majority.value == 1.0
    assert found.label_and_majority.value == 0.5
    assert found.model_and_label.value == 0.5
    assert found.majority_not_label.value == 1.0


def test_without_votes_against_the_label_agreement_with_them_is_undefined():
    found = fer_plus(said([0, 3], [0, 3]), make_votes(ANGRY, HAPPY), temperature=1.0)
    assert found.majority_not_label is None


def test_cross_entropy_is_least_for_the_votes_themselves():
    shares = np.array([[0.9, 0.1, 0, 0, 0, 0, 0]])
    alike = SplitPredictions(
        np.zeros(1, np.uint64),
        np.zeros(1, np.int64),
        np.log(shares + 1e-9).astype(np.float32),
        FER7.labels,
    )
    least = fer_plus(alike, make_votes(ANGRY), temperature=1.0)
    entropy = -(0.9 * np.log(0.9) + 0.1 * np.log(0.1))
    assert least.votes_entropy == pytest.approx(entropy)
    assert least.soft_cross_entropy == pytest.approx(entropy, abs=1e-5)
    sure = fer_plus(said([0], [0]), make_votes(ANGRY), temperature=1.0)
    assert sure.soft_cross_entropy > least.soft_cross_entropy


def test_without_a_majority_there_is_nothing_to_compare():
    assert fer_plus(said([0], [0]), make_votes(TORN), temperature=1.0) is None
