"""Predictions and truth in, a report out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.domain import EvaluationReport, LabelScheme
from core.domain.errors import EmptySplit
from core.evaluation import metrics
from core.evaluation.ranking import roc_auc

BOOTSTRAP_SEED = 2013  # fixed, so that the same answers always give the same interval


def judge(
    split: str,
    logits: NDArray[np.float64],
    truth: NDArray[np.int64],
    *,
    scheme: LabelScheme,
    temperature: float,
) -> EvaluationReport:
    """How good these answers are.

    Args:
        split: name of the split the pictures came from.
        logits: `(n, k)`, before any temperature.
        truth: `(n,)`, class numbers.
        temperature: divides the logits.
    Raises:
        EmptySplit: there are no pictures.
    """
    if len(truth) == 0:
        raise EmptySplit(f"{split} has no pictures.", advice="Choose a split that has some.")
    scores = metrics.softmax(logits / temperature)
    counts = metrics.confusion_counts(truth, logits.argmax(axis=1), len(scheme))
    return EvaluationReport(
        split=split,
        pictures=len(truth),
        counts=tuple(tuple(int(n) for n in row) for row in counts),
        accuracy=metrics.wilson_interval(int(np.trace(counts)), len(truth)),
        macro_f1=metrics.macro_f1_interval(counts, seed=BOOTSTRAP_SEED),
        per_class=tuple(
            replace(row, auc=roc_auc(scores[:, k], truth == k))
            for k, row in enumerate(metrics.per_class(counts, scheme))
        ),
        ece_before=metrics.expected_calibration_error(metrics.softmax(logits), truth),
        ece_after=metrics.expected_calibration_error(scores, truth),
        log_loss_after=metrics.log_loss(logits / temperature, truth),
    )
