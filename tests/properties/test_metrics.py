"""Our figures equal scikit-learn's on random input."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from core.evaluation import fit_temperature, judge, metrics, not_sure_threshold
from core.vocabulary import FER7

SEEDS = st.integers(0, 2**32 - 1)


def _random_answers(seed, count=200):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(count, 7)) * rng.uniform(0.1, 5)
    return logits, rng.integers(0, rng.integers(2, 8), size=count)


@given(SEEDS)
def test_confusion_precision_recall_and_f1_equal_the_references(seed):
    logits, truth = _random_answers(seed)
    said = logits.argmax(axis=1)
    counts = metrics.confusion_counts(truth, said, 7)
    labels = list(range(7))
    assert np.array_equal(counts, reference.confusion_matrix(truth, said, labels=labels))
    wanted = reference.precision_recall_fscore_support(
        truth, said, labels=labels, zero_division=0.0
    )
    for k, row in enumerate(metrics.per_class(counts, FER7)):
        got = (row.precision, row.recall, row.f1, row.support)
        assert np.allclose(got, [one[k] for one in wanted])


@given(SEEDS)
def test_macro_f1_accuracy_and_log_loss_equal_the_references(seed):
    logits, truth = _random_answers(seed)
    report = judge("x", logits, truth, scheme=FER7, temperature=1.0)
    said = logits.argmax(axis=1)
    f1 = reference.f1_score(truth, said, labels=list(range(7)), average="macro", zero_division=0.0)
    assert np.isclose(report.macro_f1.value, f1)
    assert np.isclose(report.accuracy.value, reference.accuracy_score(truth, said))
    loss = reference.log_loss(truth, metrics.softmax(logits), labels=list(range(7)))
    assert np.isclose(report.log_loss_after, loss)


@given(SEEDS)
def test_a_fitted_temperature_never_makes_the_log_loss_worse(seed):
    logits, truth = _random_answers(seed)
    temperature = fit_temperature(logits, truth)
    before = metrics.log_loss(metrics.softmax(logits), truth)
    after = metrics.log_loss(metrics.softmax(logits / temperature), truth)
    assert after <= before + 1e-6


@given(SEEDS)
def test_calibration_error_is_a_fraction_and_zero_for_certain_truth(seed):
    logits, truth = _random_answers(seed)
    assert 0 <= metrics.expected_calibration_error(metrics.softmax(logits), truth) <= 1
    certain = np.eye(7)[truth]
    assert metrics.expected_calibration_error(certain, truth) == 0


@given(SEEDS)
def test_answers_above_the_threshold_are_right_as_often_as_wanted(seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 7, 400)
    logits = rng.normal(size=(400, 7))
    logits[np.arange(400), truth] += rng.uniform(0, 5, 400)
    scores = metrics.softmax(logits)
    threshold = not_sure_threshold(scores, truth, wanted_accuracy=0.8)
    sure = scores.max(axis=1) >= threshold
    right = (scores.argmax(axis=1) == truth)[sure]
    assert threshold == 0.95 or right.mean() >= 0.8


@given(SEEDS)
def test_the_area_under_each_curve_equals_the_references(seed):
    logits, truth = _random_answers(seed)
    logits = np.round(logits, 1)  # ties count half
    report = judge("x", logits, truth, scheme=FER7, temperature=1.0)
    scores = metrics.softmax(logits)
    for k, row in enumerate(report.per_class):
        if 0 < row.support < len(truth):
            assert row.auc is not None
            assert np.isclose(row.auc.value, reference.roc_auc_score(truth == k, scores[:, k]))
        else:
            assert row.auc is None
