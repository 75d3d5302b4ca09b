"""Evaluation report of predictions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.domain import EvaluationReport, LabelScheme, softmax
from core.domain.errors import EmptySplit
from core.domain.intervals import share_interval
from core.evaluation.metrics.calibration import expected_calibration_error
from core.evaluation.metrics.confusion_matrix_metrics import (
    confusion_counts,
    macro_f1_interval,
    per_class,
)
from core.evaluation.metrics.curves import roc_auc
from core.evaluation.metrics.logarithmic_loss import log_loss

BOOTSTRAP_SEED = 2013  # fixed, so that the same predictions always give the same interval


def score_predictions(
    split: str,
    logits: NDArray[np.float64],
    truth: NDArray[np.int64],
    *,
    scheme: LabelScheme,
    temperature: float,
) -> EvaluationReport:
    """Metrics of these predictions.

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
    scores = softmax(logits / temperature)
    counts = confusion_counts(truth, logits.argmax(axis=1), len(scheme))
    return EvaluationReport(
        split=split,
        pictures=len(truth),
        counts=tuple(tuple(int(n) for n in row) for row in counts),
        accuracy=share_interval(int(np.trace(counts)), len(truth)),
        macro_f1=macro_f1_interval(counts, seed=BOOTSTRAP_SEED),
        per_class=tuple(
            replace(row, auc=roc_auc(scores[:, k], truth == k))
            for k, row in enumerate(per_class(counts, scheme))
        ),
        ece_before=expected_calibration_error(softmax(logits), truth),
        ece_after=expected_calibration_error(scores, truth),
        log_loss_after=log_loss(logits / temperature, truth),
    )


@dataclass(frozen=True, eq=False)
class ScoredLabels:
    """Scores of pictures with their labels.

    Attributes:
        scores: float64, shape `(n, k)`, rows sum to 1.
        truth: int64, shape `(n,)`, class numbers.
        not_sure_below: top scores under it are shown as "not sure".
    """

    scores: NDArray[np.float64]
    truth: NDArray[np.int64]
    not_sure_below: float

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Int64 `(n,)`: the predicted classes."""
        return np.asarray(self.scores.argmax(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """Bool `(n,)`: which are classified correctly."""
        return np.asarray(self.predicted == self.truth)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """Float64 `(n,)`: the top scores."""
        return np.asarray(self.scores.max(axis=1))
