"""Figures of an evaluation: those that scikit-learn measures too are equal to its own."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from core.evaluation.metrics.curves import average_precision, class_curves
from core.evaluation.metrics.selective import risk_coverage
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.scorecard_metrics import figures_of, score_figures_of, scores_of
from tests.examples import examples

LABELS = ("a", "b", "c", "d", "e")


@st.composite
def answers(draw, least=1):
    """Few pictures and coarse scores: ties, and classes without a picture, are common."""
    classes = draw(st.integers(2, 5))
    count = draw(st.integers(least, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = rng.integers(0, draw(st.integers(1, classes)), count)
    coarse = draw(st.sampled_from([1, 4, 1000]))
    logits = np.round(rng.normal(0, 1, (count, classes)) * coarse) / coarse
    return SplitPredictions(
        np.arange(count, dtype=np.uint64), labels, logits.astype(np.float32), LABELS[:classes]
    )


@examples(150)
@given(answers())
def test_figures_of_what_was_said_are_scikit_learns(found):
    told = figures_of(found)
    truth, said, all_ = found.labels, found.logits.argmax(axis=1), range(len(found.classes))
    assert told.counts.tolist() == sk.confusion_matrix(truth, said, labels=all_).tolist()
    assert told.accuracy.value == pytest.approx(sk.accuracy_score(truth, said))
    for average, one in (("macro", told.macro_f1), ("weighted", told.weighted_f1)):
        theirs = sk.f1_score(truth, said, labels=all_, average=average, zero_division=0)
        assert one.value == pytest.approx(theirs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, on classes without a picture
        assert told.balanced_accuracy.value == pytest.approx(
            sk.balanced_accuracy_score(truth, said)
        )
        kappa = sk.cohen_kappa_score(truth, said, labels=all_)
        matthews = sk.matthews_corrcoef(truth, said)
    # Where both always say one and the same class, scikit-learn divides nothing by nothing.
    assert told.kappa.value == pytest.approx(1.0 if np.isnan(kappa) else kappa)
    assert told.matthews.value == pytest.approx(matthews, abs=1e-9)


@examples(100)
@given(answers())
def test_figures_of_each_class_are_scikit_learns(found):
    truth, said, all_ = found.labels, found.logits.argmax(axis=1), range(len(found.classes))
    precision, recall, f1, support = sk.precision_recall_fscore_support(
        truth, said, labels=all_, zero_division=0
    )
    for at, row in enumerate(figures_of(found).per_class):
        assert (0.0 if row.precision is None else row.precision.value) == pytest.approx(
            precision[at]
        )
        assert (0.0 if row.recall is None else row.recall.value) == pytest.approx(recall[at])
        assert row.f1.value == pytest.approx(f1[at])
        assert row.support == support[at]
        assert (row.precision is None) == (row.predicted == 0)


@examples(150)
@given(answers(), st.sampled_from([0.5, 1.0, 2.0]))
def test_areas_under_curves_are_scikit_learns(found, temperature):
    scores = scores_of(found, temperature)
    told = score_figures_of(found, temperature=temperature, not_sure_below=0.5)
    known = {one.label for one in told.curves}
    shown = found.classes[1:] if len(found.classes) == 2 else found.classes
    for at, label in enumerate(found.classes):
        positive = found.labels == at
        if label not in shown:
            continue
        if positive.all() or not positive.any():
            assert label in told.missing
            continue
        one = next(curve for curve in told.curves if curve.label == label)
        assert one.auc.value == pytest.approx(sk.roc_auc_score(positive, scores[:, at]))
        assert one.average_precision.value == pytest.approx(
            sk.average_precision_score(positive, scores[:, at])
        )
    assert known | set(told.missing) == set(shown)


@examples(100)
@given(answers())
def test_log_loss_brier_and_top_two_are_scikit_learns(found):
    scores, truth = scores_of(found, 1.0), found.labels
    told = score_figures_of(found, temperature=1.0, not_sure_below=0.5).reliability
    everything = list(range(len(found.classes)))
    assert told.log_loss.value == pytest.approx(
        sk.log_loss(truth, scores, labels=everything), rel=1e-6
    )
    wanted = np.eye(len(found.classes))[truth]
    assert told.brier.value == pytest.approx(((scores - wanted) ** 2).sum(axis=1).mean())
    top_2 = figures_of(found).top_2
    assert (top_2 is None) == (len(found.classes) == 2)
    if top_2 is not None and len(np.unique(found.logits)) == found.logits.size:
        theirs = sk.top_k_accuracy_score(truth, found.logits, k=2, labels=everything)
        assert top_2.value == pytest.approx(theirs)


@examples(100)
@given(answers())
def test_every_figure_lies_in_its_interval_and_in_its_range(found):
    told = figures_of(found)
    for one in (told.accuracy, told.balanced_accuracy, told.macro_f1, told.weighted_f1):
        assert 0 <= one.low <= one.value <= one.high <= 1
    for one in (told.kappa, told.matthews):
        assert -1 - 1e-9 <= one.low <= one.value <= one.high <= 1 + 1e-9
    ece = score_figures_of(found, temperature=1.0, not_sure_below=0.5).reliability.ece
    assert 0 <= ece.low <= ece.value <= ece.high <= 1


@examples(100)
@given(answers(), st.integers(0, 2**32 - 1))
def test_the_order_of_pictures_changes_nothing(found, seed):
    order = np.random.default_rng(seed).permutation(len(found.labels))
    mixed = SplitPredictions(
        found.digests[order], found.labels[order], found.logits[order], found.classes
    )
    one = score_figures_of(found, temperature=1.0, not_sure_below=0.5)
    other = score_figures_of(mixed, temperature=1.0, not_sure_below=0.5)
    assert one.selective.area == pytest.approx(other.selective.area)
    assert one.selective.risk.tolist() == pytest.approx(other.selective.risk.tolist())
    for ours, theirs in zip(one.curves, other.curves, strict=True):
        assert ours.precision.tolist() == theirs.precision.tolist()
        assert ours.true_positive_rate.tolist() == theirs.true_positive_rate.tolist()


@examples(100)
@given(answers())
def test_answering_on_everything_errs_as_often_as_accuracy_says(found):
    told = risk_coverage(scores_of(found, 1.0), found.labels, not_sure_below=0.0)
    wrong = 1 - figures_of(found).accuracy.value
    assert told.coverage[-1] == 1.0
    assert told.risk[-1] == pytest.approx(wrong)
    assert told.answered.value == 1.0
    assert told.accuracy_not_sure is None


@examples(60)
@given(answers(least=2))
def test_curves_rise_and_end_where_everything_is_said(found):
    scores = scores_of(found, 1.0)
    for at, label in enumerate(found.classes):
        one = class_curves(label, scores[:, at], found.labels == at)
        if one is None:
            continue
        assert (one.false_positive_rate[0], one.true_positive_rate[0]) == (0.0, 0.0)
        assert (one.false_positive_rate[-1], one.true_positive_rate[-1]) == (1.0, 1.0)
        assert (np.diff(one.false_positive_rate) >= 0).all()
        assert (np.diff(one.true_positive_rate) >= 0).all()
        assert one.recall[-1] == 1.0
        assert one.precision[-1] == pytest.approx(one.positives / len(found.labels))


def test_without_a_picture_of_the_class_there_is_no_average_precision():
    with pytest.raises(ValueError, match="no precision"):
        average_precision(np.array([0.1, 0.2]), np.array([False, False]))
