"""Comparison of two or more models on the same pictures, with significance tests.

Every pair is compared picture by picture (`paired_difference`). The p-values of all pairs are
corrected for multiple comparisons (Holm 1979), and so are those of the classes of one pair. A
difference is significant where its interval, its exact test and the correction agree; all else is
a tie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.domain import softmax
from core.domain.errors import EmptySplit, PlanError
from core.domain.intervals import share_interval
from core.evaluation.comparison.report import (
    ClassDifference,
    ComparedModel,
    Comparison,
    ModelMetrics,
    ModelPair,
)
from core.evaluation.metrics.calibration import expected_calibration_error
from core.evaluation.metrics.confusion_matrix_metrics import (
    confusion_counts,
    kappa,
    macro_f1_interval,
)
from core.evaluation.metrics.logarithmic_loss import log_loss
from core.evaluation.metrics.significance import (
    Difference,
    holm,
    log_loss_difference,
    macro_f1_difference,
    paired_difference,
)
from core.evaluation.predictions.picture_matching import match_predictions
from core.evaluation.predictions.predictions import SplitPredictions

MAX_MODELS = 8  # 28 pairs; with more, the correction leaves little power
_SEED = 2013  # fixed, so that the same predictions always give the same interval


def compare_models(split: str, models: Sequence[ComparedModel]) -> Comparison:
    """Compare models on the pictures of a split that all of them were evaluated on.

    Args:
        split: its name, for people.
    Raises:
        PlanError: fewer than two, more than eight, or two of one name.
        LabelSchemeMismatch: they name different classes.
        EmptySplit: no picture was evaluated with all of them.
    """
    _check(models)
    common = match_predictions([one.answers for one in models])
    pictures = len(common[0].labels)
    if pictures == 0:
        raise EmptySplit(
            f"No picture of {split} was evaluated with all of these models under one label.",
            advice="Evaluate them on the same dataset, with the same corrections.",
        )
    matched = [replace(one, answers=found) for one, found in zip(models, common, strict=True)]
    metrics = {one.name: _metrics(one) for one in matched}
    ordered = sorted(matched, key=lambda one: (-metrics[one.name].accuracy.value, one.name))
    return Comparison(
        split=split,
        pictures=pictures,
        left_out=max(len(one.answers.labels) for one in models) - pictures,
        ranking=tuple(metrics[one.name] for one in ordered),
        pairs=_corrected([_pair(*two) for two in combinations(ordered, 2)]),
    )


def _check(models: Sequence[ComparedModel]) -> None:
    names = [one.name for one in models]
    if not 2 <= len(names) <= MAX_MODELS:
        raise PlanError(
            f"{len(names)} models cannot be compared.",
            advice=f"Choose 2 to {MAX_MODELS}.",
        )
    if len(set(names)) < len(names):
        raise PlanError("A model cannot be compared with itself.", advice="Choose another one.")


def _metrics(one: ComparedModel) -> ModelMetrics:
    truth, scores = one.answers.labels, softmax(_logits(one))
    predicted = scores.argmax(axis=1)
    right, confidence = predicted == truth, scores.max(axis=1)
    sure = confidence >= one.not_sure_below
    counts = confusion_counts(truth, predicted, scores.shape[1])
    return ModelMetrics(
        name=one.name,
        accuracy=share_interval(int(right.sum()), len(truth)),
        macro_f1=macro_f1_interval(counts, seed=_SEED),
        ece=expected_calibration_error(scores, truth),
        log_loss=log_loss(_logits(one), truth),
        overconfidence=float(confidence.mean() - right.mean()),
        answered=float(sure.mean()),
        accuracy_when_answered=(
            share_interval(int(right[sure].sum()), int(sure.sum())) if sure.any() else None
        ),
    )


def _pair(first: ComparedModel, second: ComparedModel) -> ModelPair:
    """One pair, without the correction for the other pairs."""
    truth, classes = first.answers.labels, first.answers.classes
    predicted = [one.answers.logits.argmax(axis=1) for one in (first, second)]
    agree = confusion_counts(predicted[0], predicted[1], len(classes))
    accuracy = paired_difference(first.answers.right, second.answers.right)
    return ModelPair(
        first=first.name,
        second=second.name,
        accuracy=accuracy,
        corrected_p=_p(accuracy),
        macro_f1=macro_f1_difference(
            truth, (predicted[0], predicted[1]), classes=len(classes), seed=_SEED
        ),
        log_loss=log_loss_difference(truth, (_logits(first), _logits(second))),
        same_prediction=float((predicted[0] == predicted[1]).mean()),
        kappa=float(kappa(agree[None])[0]),
        classes=_class_differences(first.answers, second.answers),
    )


def _class_differences(
    first: SplitPredictions, second: SplitPredictions
) -> tuple[ClassDifference, ...]:
    found = []
    for at, label in enumerate(first.classes):
        of_class = first.labels == at
        if of_class.any():
            difference = paired_difference(first.right[of_class], second.right[of_class])
            found.append((label, difference))
    corrected = holm([_p(recall) for _, recall in found])
    return tuple(
        ClassDifference(label, recall, p)
        for (label, recall), p in zip(found, corrected, strict=True)
    )


def _corrected(pairs: Sequence[ModelPair]) -> tuple[ModelPair, ...]:
    corrected = holm([one.corrected_p for one in pairs])
    return tuple(replace(one, corrected_p=p) for one, p in zip(pairs, corrected, strict=True))


def _logits(one: ComparedModel) -> NDArray[np.float64]:
    return np.asarray(one.answers.logits.astype(np.float64) / one.temperature)


def _p(found: Difference) -> float:
    return 1.0 if found.test is None else found.test.exact_p
