"""Two or more models on the same pictures: which is better, where, and how sure that is.

Every pair is compared picture by picture (`differences`). Of many pairs of equal models one
differs by chance sooner or later, so the p-values of all pairs are corrected together (Holm 1979),
and so are those of the classes of one pair. A difference counts where its interval, its exact test
and the correction agree; all else is a tie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.domain import softmax
from core.domain.errors import EmptySplit, PlanError
from core.evaluation.comparison.report import Candidate, ClassDifference, Comparison, Pair, Standing
from core.evaluation.metrics import basics
from core.evaluation.metrics.confusion_matrix import kappa
from core.evaluation.metrics.significance import (
    Difference,
    holm,
    log_loss_difference,
    macro_f1_difference,
    paired_difference,
)
from core.evaluation.predictions.picture_matching import matched
from core.evaluation.predictions.predictions import SplitPredictions

MOST_MODELS = 8  # 28 pairs; of more, the correction leaves little to be found
_SEED = 2013  # fixed, so that the same answers always give the same interval


def compare_models(split: str, contenders: Sequence[Candidate]) -> Comparison:
    """Compare models on the pictures of a split that all of them judged.

    Args:
        split: its name, for people.
    Raises:
        PlanError: fewer than two, more than eight, or two of one name.
        LabelSchemeMismatch: they name different classes.
        EmptySplit: no picture was judged by all.
    """
    _check(contenders)
    answers = matched([one.answers for one in contenders])
    pictures = len(answers[0].labels)
    if pictures == 0:
        raise EmptySplit(
            f"No picture of {split} was evaluated with all of these models under one label.",
            advice="Evaluate them on the same dataset, with the same corrections.",
        )
    taken = [replace(one, answers=cut) for one, cut in zip(contenders, answers, strict=True)]
    stands = {one.name: _standing(one) for one in taken}
    ordered = sorted(taken, key=lambda one: (-stands[one.name].accuracy.value, one.name))
    return Comparison(
        split=split,
        pictures=pictures,
        left_out=max(len(one.answers.labels) for one in contenders) - pictures,
        standings=tuple(stands[one.name] for one in ordered),
        pairs=_corrected([_pair(*two) for two in combinations(ordered, 2)]),
    )


def _check(contenders: Sequence[Candidate]) -> None:
    names = [one.name for one in contenders]
    if not 2 <= len(names) <= MOST_MODELS:
        raise PlanError(
            f"{len(names)} models cannot be compared.",
            advice=f"Choose 2 to {MOST_MODELS}.",
        )
    if len(set(names)) < len(names):
        raise PlanError("A model cannot be compared with itself.", advice="Choose another one.")


def _standing(one: Candidate) -> Standing:
    truth, scores = one.answers.labels, softmax(_logits(one))
    said = scores.argmax(axis=1)
    right, confidence = said == truth, scores.max(axis=1)
    sure = confidence >= one.not_sure_below
    counts = basics.confusion_counts(truth, said, scores.shape[1])
    return Standing(
        name=one.name,
        accuracy=basics.wilson_interval(int(right.sum()), len(truth)),
        macro_f1=basics.macro_f1_interval(counts, seed=_SEED),
        ece=basics.expected_calibration_error(scores, truth),
        log_loss=basics.log_loss(_logits(one), truth),
        overconfidence=float(confidence.mean() - right.mean()),
        answered=float(sure.mean()),
        right_when_sure=(
            basics.wilson_interval(int(right[sure].sum()), int(sure.sum())) if sure.any() else None
        ),
    )


def _pair(first: Candidate, second: Candidate) -> Pair:
    """Not corrected for the other pairs yet."""
    truth, classes = first.answers.labels, first.answers.classes
    said = [one.answers.logits.argmax(axis=1) for one in (first, second)]
    agree = basics.confusion_counts(said[0], said[1], len(classes))
    accuracy = paired_difference(first.answers.right, second.answers.right)
    return Pair(
        first=first.name,
        second=second.name,
        accuracy=accuracy,
        corrected_p=_p(accuracy),
        macro_f1=macro_f1_difference(truth, (said[0], said[1]), classes=len(classes), seed=_SEED),
        log_loss=log_loss_difference(truth, (_logits(first), _logits(second))),
        same_answer=float((said[0] == said[1]).mean()),
        kappa=float(kappa(agree[None])[0]),
        classes=_class_differences(first.answers, second.answers),
    )


def _class_differences(
    first: SplitPredictions, second: SplitPredictions
) -> tuple[ClassDifference, ...]:
    found = []
    for at, label in enumerate(first.classes):
        its = first.labels == at
        if its.any():
            found.append((label, paired_difference(first.right[its], second.right[its])))
    corrected = holm([_p(recall) for _, recall in found])
    return tuple(
        ClassDifference(label, recall, p)
        for (label, recall), p in zip(found, corrected, strict=True)
    )


def _corrected(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    corrected = holm([one.corrected_p for one in pairs])
    return tuple(replace(one, corrected_p=p) for one, p in zip(pairs, corrected, strict=True))


def _logits(one: Candidate) -> NDArray[np.float64]:
    return np.asarray(one.answers.logits.astype(np.float64) / one.temperature)


def _p(found: Difference) -> float:
    return 1.0 if found.test is None else found.test.exact_p
