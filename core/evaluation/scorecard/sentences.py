"""An evaluation in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.domain import Interval
from core.domain.counted import counted, interval_ends
from core.domain.wording import percent_ends
from core.evaluation.metrics.selective import RiskCoverage
from core.evaluation.metrics.significance import unpaired_difference
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.scorecard.ferplus import FerPlus
from core.evaluation.scorecard.figures import Figures
from core.evaluation.scorecard.protocols import Protocol


def headline(evaluation: Evaluation, protocol: Protocol, figures: Figures) -> str:
    """How often right, on how many pictures, and how sure that is."""
    if protocol.name == evaluation.learned:
        which = "pictures used for training"
    elif protocol.seen:
        which = f"pictures of {protocol.name}"
    elif evaluation.learned:
        which = "unseen pictures"
    else:
        which = f"pictures of {evaluation.dataset}"
    return (
        f"Accuracy {share(figures.accuracy.value)} on {figures.pictures:,} {which} (95 % CI "
        f"{between(figures.accuracy)})."
    )


def beside_chance(figures: Figures) -> str:
    """What the simplest of all models would reach on the same pictures."""
    label, right = figures.always
    if figures.accuracy.low > right:
        verdict = ""
    elif figures.accuracy.high < right:
        verdict = " This model does worse than that."
    else:
        verdict = " These pictures do not show that this model does better."
    return f"Always predicting {label} would reach {share(right)}.{verdict}"


def not_sure(selective: RiskCoverage, not_sure_below: float) -> str:
    """What saying "not sure" below the threshold gains, and what it costs."""
    words = (
        f'Below a confidence of {share(not_sure_below)} the live pages show "not sure": '
        f"{share(1 - selective.answered.value)} of these pictures."
    )
    sure, unsure = selective.accuracy_answered, selective.accuracy_not_sure
    if sure is not None:
        words += f" Accuracy when answered {whole(sure)}"
        words += "." if unsure is None else f"; on the others it would be {share(unsure.value)}."
    return words


def repeats(counts: Mapping[str, int], pictures: int, evaluation: Evaluation) -> str:
    """How many pictures are no new photographs, and of which splits."""
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


def repeats_are_easier(everything: Figures, own: Figures) -> str:
    """Whether a model does better on repeated pictures than on the others; empty without any."""
    repeated = everything.pictures - own.pictures
    if repeated == 0:
        return ""
    hits = [int(np.trace(one.counts)) for one in (everything, own)]
    found = unpaired_difference((hits[0] - hits[1], repeated), (hits[1], own.pictures))
    apart = (
        f"Accuracy on near duplicates {share((hits[0] - hits[1]) / repeated)}, on the others "
        f"{share(own.accuracy.value)}"
    )
    if found.is_tie:
        return f"{apart}: no significant difference."
    told = found.accuracy
    return (
        f"{apart}: {told.value * 100:+.1f} points {percent_ends(told, '+.1f')}, a significant "
        "difference."
    )


def votes(found: FerPlus) -> str:
    """How far people, the labels and the model agree."""
    return (
        f"On {counted(found.pictures, 'picture')} most of ten raters chose one expression. The "
        f"model agrees with this majority in {whole(found.model_and_majority)}, FER2013's own "
        f"label in {whole(found.label_and_majority)}."
    )


def share(fraction: float) -> str:
    """A fraction in tenths of a percent."""
    return f"{fraction * 100:.1f} %"


def between(told: Interval) -> str:
    """The ends of a share's interval, times a hundred: "[67.1, 70.2]"."""
    return percent_ends(told)


def points(told: Interval) -> str:
    """A figure that is no share, with its interval."""
    return f"{told.value:.3f} {interval_ends(told.low, told.high, '.3f')}"


def whole(told: Interval | None) -> str:
    """A share with its interval; empty where it is undefined."""
    return "" if told is None else f"{share(told.value)} {between(told)}"
