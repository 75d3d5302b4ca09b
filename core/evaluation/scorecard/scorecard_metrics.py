"""All metrics of one model on one split, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Interval, softmax
from core.domain.errors import EmptySplit
from core.domain.intervals import share_interval
from core.evaluation.metrics import confusion_matrix_metrics
from core.evaluation.metrics.arrays import Counts, Floats
from core.evaluation.metrics.calibration import Reliability, reliability
from core.evaluation.metrics.confusion_matrix_metrics import (
    bootstrap_tables,
    confusion_counts,
    f1_by_class,
)
from core.evaluation.metrics.curves import ClassCurves, class_curves
from core.evaluation.metrics.mean_intervals import percentile_interval
from core.evaluation.metrics.selective import RiskCoverage, risk_coverage
from core.evaluation.metrics.split_report import BOOTSTRAP_SEED
from core.evaluation.predictions.predictions import SplitPredictions

METRIC_NAMES: Mapping[str, str] = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro-F1",
    "weighted_f1": "weighted F1",
    "top_2": "top-2 accuracy",
    "kappa": "Cohen's kappa",
    "matthews": "Matthews' correlation",
    "ece": "calibration error",
    "log_loss": "log loss, nats",
    "brier": "Brier score",
}
"""What reports and tables list, in order: fields of `ScorecardMetrics`, then of `Reliability`."""

UNITLESS_METRICS = frozenset({"kappa", "matthews", "log_loss", "brier", "auc"})
"""Those that are no shares, and are not shown in percent."""


@dataclass(frozen=True)
class ClassFigures:
    """One class's row.

    Attributes:
        label: the class.
        support: pictures with this label.
        predicted: pictures that are predicted as this class.
        precision: share of its predictions that are correct (Wilson); None without any.
        recall: share of its pictures predicted correctly (Wilson); None without any.
        f1: with its bootstrap interval; 0 where undefined.
    """

    label: str
    support: int
    predicted: int
    precision: Interval | None
    recall: Interval | None
    f1: Interval


@dataclass(frozen=True, eq=False)
class ScorecardMetrics:
    """Metrics of predictions.

    Attributes:
        classes: names, in the order of `counts`.
        pictures: evaluated.
        counts: int64 `(k, k)`: rows are the truth, columns the predictions.
        accuracy: Wilson.
        top_2: share of pictures whose label is among the two highest scores (Wilson); None with
            two classes, where it would always be right.
        balanced_accuracy, macro_f1, weighted_f1, kappa, matthews: bootstrap; see
            `confusion_matrix_metrics.METRICS`.
        per_class: one for each class.
        majority_baseline: the most frequent class, and the accuracy of always predicting it.
    """

    classes: tuple[str, ...]
    pictures: int
    counts: Counts
    accuracy: Interval
    top_2: Interval | None
    balanced_accuracy: Interval
    macro_f1: Interval
    weighted_f1: Interval
    kappa: Interval
    matthews: Interval
    per_class: tuple[ClassFigures, ...]
    majority_baseline: tuple[str, float]


@dataclass(frozen=True, eq=False)
class ScoreFigures:
    """Metrics of scores.

    Attributes:
        curves: of each class that has both positive and negative pictures.
        reliability: calibration metrics.
        selective: risk-coverage curve.
        missing: classes without curves: either no picture has this label, or all have it.
    """

    curves: tuple[ClassCurves, ...]
    reliability: Reliability
    selective: RiskCoverage
    missing: tuple[str, ...]


def metrics_of(figures: ScorecardMetrics, scores: ScoreFigures) -> dict[str, Interval | None]:
    """The metrics of `METRIC_NAMES`, in their order; None for one that has no meaning here."""
    return {
        key: getattr(figures if hasattr(figures, key) else scores.reliability, key)
        for key in METRIC_NAMES
    }


def figures_of(answers: SplitPredictions, *, seed: int = BOOTSTRAP_SEED) -> ScorecardMetrics:
    """Metrics that follow from what was said.

    Raises:
        EmptySplit: there are no pictures.
    """
    _expect_pictures(answers)
    classes, count = len(answers.classes), len(answers.labels)
    predicted = answers.logits.argmax(axis=1)
    counts = confusion_counts(answers.labels, predicted, classes)
    resampled = bootstrap_tables(counts, seed=seed)
    tabled = {
        name: percentile_interval(float(figure(counts[None])[0]), figure(resampled))
        for name, figure in confusion_matrix_metrics.METRICS.items()
    }
    support = counts.sum(axis=1)
    most = int(support.argmax())
    return ScorecardMetrics(
        classes=answers.classes,
        pictures=count,
        counts=counts,
        accuracy=share_interval(int(np.trace(counts)), count),
        top_2=None if classes == 2 else share_interval(int(_in_top_2(answers).sum()), count),
        per_class=_per_class(answers.classes, counts, resampled),
        majority_baseline=(answers.classes[most], float(support[most] / count)),
        **tabled,
    )


def score_figures_of(
    answers: SplitPredictions,
    *,
    temperature: float,
    not_sure_below: float,
    seed: int = BOOTSTRAP_SEED,
) -> ScoreFigures:
    """Metrics that follow from the scores.

    Raises:
        EmptySplit: there are no pictures.
    """
    _expect_pictures(answers)
    scores, truth = scores_of(answers, temperature), answers.labels
    found = {
        label: class_curves(label, scores[:, at], truth == at)
        for at, label in enumerate(answers.classes)
    }
    if len(answers.classes) == 2:  # the second is the first, turned round
        found = {answers.classes[1]: found[answers.classes[1]]}
    return ScoreFigures(
        tuple(one for one in found.values() if one is not None),
        reliability(calibrated_logits(answers, temperature), truth, seed=seed),
        risk_coverage(scores, truth, not_sure_below=not_sure_below),
        tuple(label for label, one in found.items() if one is None),
    )


def scores_of(answers: SplitPredictions, temperature: float) -> Floats:
    """Calibrated scores: float64 `(n, k)`, rows sum to 1."""
    return softmax(calibrated_logits(answers, temperature))


def calibrated_logits(answers: SplitPredictions, temperature: float) -> Floats:
    """Calibrated logits: float64 `(n, k)`."""
    return np.asarray(answers.logits.astype(np.float64) / temperature)


def select_predictions(answers: SplitPredictions, mask: NDArray[np.bool_]) -> SplitPredictions:
    """The answers about some of the pictures: bool, shape `(n,)`."""
    return SplitPredictions(
        answers.digests[mask], answers.labels[mask], answers.logits[mask], answers.classes
    )


def join_predictions(parts: Sequence[SplitPredictions]) -> SplitPredictions:
    """The answers on several splits as those on one.

    Raises:
        ValueError: none, or of different classes.
    """
    if len({one.classes for one in parts}) != 1:
        raise ValueError("answers can be joined where there are some, of the same classes")
    return SplitPredictions(
        np.concatenate([one.digests for one in parts]),
        np.concatenate([one.labels for one in parts]),
        np.concatenate([one.logits for one in parts]),
        parts[0].classes,
    )


def _expect_pictures(answers: SplitPredictions) -> None:
    if len(answers.labels) == 0:
        raise EmptySplit("There are no pictures to evaluate on.", advice="Choose others.")


def _in_top_2(answers: SplitPredictions) -> NDArray[np.bool_]:
    """Of equal scores the first class counts as higher, as for the highest one."""
    best = np.argsort(-answers.logits, axis=1, kind="stable")[:, :2]
    return np.asarray((best == answers.labels[:, None]).any(axis=1))


def _per_class(
    classes: tuple[str, ...], counts: Counts, resampled: Counts
) -> tuple[ClassFigures, ...]:
    f1, f1_resampled = f1_by_class(counts[None])[0], f1_by_class(resampled)
    rows = []
    for at, label in enumerate(classes):
        hits, support, predicted = (
            int(counts[at, at]),
            int(counts[at].sum()),
            int(counts[:, at].sum()),
        )
        rows.append(
            ClassFigures(
                label,
                support,
                predicted,
                share_interval(hits, predicted) if predicted else None,
                share_interval(hits, support) if support else None,
                percentile_interval(float(f1[at]), f1_resampled[:, at]),
            )
        )
    return tuple(rows)
