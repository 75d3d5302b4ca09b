from __future__ import annotations

import numpy as np
import pytest

from core.datasets.audit.label_noise import find_disputed, find_label_errors
from core.domain import UNLABELLED


def _scores(count=300, classes=3, seed=1):
    """Labels, and the scores of a model that is right and sure."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    scores = rng.uniform(0.01, 0.1, (count, classes))
    scores[np.arange(count), labels] += 1
    return (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32), labels


def test_changed_labels_are_found_and_the_right_ones_suggested():
    scores, labels = _scores()
    changed = labels.copy()
    changed[::30] = (labels[::30] + 1) % 3
    found = find_label_errors(scores, changed)
    # How many are flagged is an estimate that rather errs on the low side.
    assert 3 <= found.count <= 10
    assert set(np.flatnonzero(found.flagged)) <= set(range(0, 300, 30))
    assert np.array_equal(found.suggested[::30], labels[::30])
    assert found.scores[::30].min() > 0.8 > 0.2 > found.scores[1::30].max()


def test_only_the_worst_scores_are_flagged():
    scores, labels = _scores()
    labels[::20] = (labels[::20] + 1) % 3
    found = find_label_errors(scores, labels)
    assert found.scores[found.flagged].min() >= found.scores[~found.flagged].max()


def test_a_model_that_agrees_with_every_label_flags_none():
    assert find_label_errors(*_scores()).count == 0


def test_the_suggestion_is_always_another_class():
    scores, labels = _scores()
    found = find_label_errors(scores, labels)
    assert (found.suggested != labels).all()


def test_pictures_without_label_or_scores_are_left_out():
    scores, labels = _scores()
    labels[::30] = (labels[::30] + 1) % 3
    worst = np.flatnonzero(find_label_errors(scores, labels).flagged)[:2]
    labels[worst[0]], scores[worst[1], 1] = UNLABELLED, np.nan
    found = find_label_errors(scores, labels)
    assert found.count > 0
    assert not found.flagged[worst].any()
    assert found.scores[worst].tolist() == [0, 0]
    assert found.suggested[worst].tolist() == [UNLABELLED, UNLABELLED]


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_pictures_have_no_label_errors(count):
    scores, labels = _scores()
    found = find_label_errors(scores[:count], labels[:count])
    assert (found.count, len(found.scores)) == (0, count)


def test_one_label_alone_cannot_be_mixed_up():
    scores, labels = _scores()
    assert find_label_errors(scores, np.full_like(labels, 2)).count == 0


def test_a_class_without_pictures_is_no_obstacle():
    scores, labels = _scores()
    keep = labels != 1
    assert find_label_errors(scores[keep], labels[keep]).count == 0


def test_a_majority_for_one_other_label_disputes():
    votes = np.array([[8, 2, 0], [4, 6, 0], [5, 5, 0], [3, 4, 3], [0, 0, 10]])
    found = find_disputed(votes, np.zeros(5, np.int64), np.zeros(5, np.int64))
    assert found.flagged.tolist() == [False, True, False, False, True]
    assert found.scores == pytest.approx([0.2, 0.6, 0.5, 0.7, 1.0])
    assert found.suggested.tolist() == [1, 1, 1, 1, 2]


def test_people_who_chose_none_of_the_classes_are_voters():
    votes = np.array([[1, 5, 0], [1, 5, 0]])
    found = find_disputed(votes, np.array([3, 4]), np.zeros(2, np.int64))
    assert found.flagged.tolist() == [True, False]
    assert found.scores == pytest.approx([8 / 9, 0.9])


def test_without_votes_or_label_nothing_is_disputed():
    votes = np.array([[0, 0, 0], [0, 9, 0]])
    found = find_disputed(votes, np.zeros(2, np.int64), np.array([0, UNLABELLED]))
    assert found.count == 0
    assert found.scores.tolist() == [0, 0]
    assert found.suggested.tolist() == [UNLABELLED, UNLABELLED]
