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
        which = "pictures it learned from"
    elif protocol.seen:
        which = f"pictures of {protocol.name}"
    elif evaluation.learned:
        which = "pictures it never saw"
    else:
        which = f"pictures of {evaluation.dataset}"
    return (
        f"Right in {share(figures.accuracy.value)} of {figures.pictures:,} {which} "
        f"(95 % CI {between(figures.accuracy)})."
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
    return f"Always saying {label} would be right in {share(right)} of them.{verdict}"


def not_sure(selective: RiskCoverage, not_sure_below: float) -> str:
    """What saying "not sure" below the threshold gains, and what it costs."""
    words = (
        f'Below a score of {share(not_sure_below)} the live pages say "not sure": here on '
        f"{share(1 - selective.answered.value)} of the pictures."
    )
    sure, unsure = selective.accuracy_answered, selective.accuracy_not_sure
    if sure is not None:
        words += f" On the others it is right in {whole(sure)}"
        words += "." if unsure is None else f"; on these it would be in {share(unsure.value)}."
    return words


def repeats(counts: Mapping[str, int], pictures: int, evaluation: Evaluation) -> str:
    """How many pictures are no new photographs, and of which splits."""
    total = sum(counts.values())
    if total == 0:
        return "No picture repeats another one."
    why = {
        evaluation.learned: ", which it learned from",
        evaluation.chose: ", which chose its epoch",
    }
    parts = [
        f"{count:,} {'repeats' if count == 1 else 'repeat'} a picture of {split}"
        f"{why.get(split, '')}"
        for split, count in counts.items()
    ]
    return f"{total:,} of {counted(pictures, 'picture')} are repeats: {'; '.join(parts)}."


def repeats_are_easier(everything: Figures, own: Figures) -> str:
    """Whether a model does better on repeated pictures than on the others; empty without any."""
    repeated = everything.pictures - own.pictures
    if repeated == 0:
        return ""
    hits = [int(np.trace(one.counts)) for one in (everything, own)]
    found = unpaired_difference((hits[0] - hits[1], repeated), (hits[1], own.pictures))
    apart = (
        f"On repeated photographs it is right in {share((hits[0] - hits[1]) / repeated)}, on the "
        f"others in {share(own.accuracy.value)}"
    )
    if found.is_tie:
        return f"{apart}: no difference that so few pictures could show."
    told = found.accuracy
    return (
        f"{apart}: {told.value * 100:+.1f} points {percent_ends(told, '+.1f')}, more than chance."
    )


def votes(found: FerPlus) -> str:
    """How far people, the labels and the model agree."""
    return (
        f"On {counted(found.pictures, 'picture')} most of ten people chose one expression. The "
        f"model says the same in {share(found.model_and_majority.value)} "
        f"{between(found.model_and_majority)}, FER2013's own label in "
        f"{whole(found.label_and_majority)}."
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
