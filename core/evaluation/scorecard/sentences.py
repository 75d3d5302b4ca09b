"""An evaluation in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.domain import Interval
from core.domain.counted import counted, interval_ends, tenths
from core.domain.wording import exactly, percent_ends, points_of
from core.evaluation.metrics.selective import RiskCoverage
from core.evaluation.metrics.significance import unpaired_difference
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.scorecard.ferplus import FerPlus
from core.evaluation.scorecard.protocols import Protocol
from core.evaluation.scorecard.scorecard_metrics import ScorecardMetrics


def headline(evaluation: Evaluation, protocol: Protocol, figures: ScorecardMetrics) -> str:
    """Accuracy with its interval, and the pictures it was measured on."""
    if protocol.name == evaluation.learned:
        which = "pictures used for training"
    elif protocol.used_in_training:
        which = f"pictures of {protocol.name}"
    elif evaluation.learned:
        which = "unseen pictures"
    else:
        which = f"pictures of {evaluation.dataset}"
    return (
        f"Accuracy {tenths(figures.accuracy.value)} on {figures.pictures:,} {which} (95 % CI "
        f"{percent_ends(figures.accuracy)})."
    )


def baseline_sentence(figures: ScorecardMetrics) -> str:
    """Accuracy of always predicting the majority class, compared with the model's."""
    label, right = figures.majority_baseline
    if figures.accuracy.low > right:
        comparison = ""
    elif figures.accuracy.high < right:
        comparison = " This model does worse than that."
    else:
        comparison = " These pictures do not show that this model does better."
    return f"Always predicting {label} would reach {tenths(right)}.{comparison}"


def not_sure_sentence(selective: RiskCoverage, not_sure_below: float) -> str:
    """Coverage of the "not sure" threshold, and accuracy on both sides of it."""
    words = (
        f'Below a confidence of {tenths(not_sure_below)} the live pages show "not sure": '
        f"{tenths(1 - selective.answered.value)} of these pictures."
    )
    sure, unsure = selective.accuracy_answered, selective.accuracy_not_sure
    if sure is not None:
        words += f" Accuracy when answered {whole(sure)}"
        words += "." if unsure is None else f"; on the others it would be {tenths(unsure.value)}."
    return words


def duplicates(counts: Mapping[str, int], pictures: int, evaluation: Evaluation) -> str:
    """Number of duplicates, and of which splits."""
    total = sum(counts.values())
    if total == 0:
        return "No duplicates were found."
    why = {
        evaluation.learned: ", which was used for training",
        evaluation.chose: ", which was used to choose the epoch",
    }
    parts = [
        f"{count:,} of pictures in {split}{why.get(split, '')}" for split, count in counts.items()
    ]
    return f"{total:,} of {counted(pictures, 'picture')} are duplicates: {'; '.join(parts)}."


def duplicates_effect(everything: ScorecardMetrics, own: ScorecardMetrics) -> str:
    """Accuracy on duplicates compared with the other pictures; empty without any."""
    repeated = everything.pictures - own.pictures
    if repeated == 0:
        return ""
    hits = [int(np.trace(one.counts)) for one in (everything, own)]
    found = unpaired_difference((hits[0] - hits[1], repeated), (hits[1], own.pictures))
    accuracies = (
        f"Accuracy on near duplicates {tenths((hits[0] - hits[1]) / repeated)}, on the others "
        f"{tenths(own.accuracy.value)}"
    )
    if found.is_tie:
        return f"{accuracies}: no significant difference."
    difference = found.accuracy
    return f"{accuracies}: {points_of(difference, '+.1f')}, a significant difference."


def votes_agreement(found: FerPlus) -> str:
    """Agreement of the model and of the labels with human votes."""
    return (
        f"On {counted(found.pictures, 'picture')} most of ten raters chose one expression. The "
        f"model agrees with this majority in {whole(found.model_and_majority)}, FER2013's own "
        f"label in {whole(found.label_and_majority)}."
    )


def points(found: Interval) -> str:
    """A figure that is not a share, with its interval."""
    return f"{found.value:.3f} {interval_ends(found.low, found.high, '.3f')}"


def whole(found: Interval | None) -> str:
    """A share with its interval; empty where it is undefined."""
    return "" if found is None else exactly(found)
