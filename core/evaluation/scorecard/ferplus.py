"""Agreement with FER+: the votes of ten raters on each picture (Barsoum et al. 2016)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import Votes
from core.domain import Interval
from core.domain.intervals import share_interval
from core.evaluation.metrics.logarithmic_loss import log_softmax
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.scorecard_metrics import calibrated_logits


@dataclass(frozen=True)
class FerPlus:
    """Agreement of a model and of the labels with human votes.

    Attributes:
        pictures: with a majority: one of the seven expressions has more votes than any other, and
            more than contempt, "unknown" and "not a face" together.
        model_and_majority: share of these on which the model agrees with the majority (Wilson).
        label_and_majority: share on which FER2013's label does.
        model_and_label: share on which the model agrees with the label.
        majority_not_label: of the pictures whose majority is not the label, the share on which the
            model agrees with the majority; None without any.
        soft_cross_entropy: of the model's scores to the shares of votes, nats, over all pictures
            with votes; its minimum is `votes_entropy`.
        votes_entropy: of the shares of votes, nats: disagreement between raters.
    """

    pictures: int
    model_and_majority: Interval
    label_and_majority: Interval
    model_and_label: Interval
    majority_not_label: Interval | None
    soft_cross_entropy: float
    votes_entropy: float


def fer_plus(answers: SplitPredictions, votes: Votes, *, temperature: float) -> FerPlus | None:
    """Compare predictions and labels with votes; None where no picture has a majority.

    Args:
        votes: rows in the order of the predictions.
        temperature: divides the logits.
    """
    majority = majority_of(votes)
    known = majority >= 0
    count = int(known.sum())
    if count == 0:
        return None
    predicted, labels = answers.logits.argmax(axis=1)[known], answers.labels[known]
    chosen = majority[known]
    disputed = chosen != labels
    entropy, cross = _entropies(answers, votes, temperature)
    return FerPlus(
        count,
        share_interval(int((predicted == chosen).sum()), count),
        share_interval(int((labels == chosen).sum()), count),
        share_interval(int((predicted == labels).sum()), count),
        share_interval(int((predicted == chosen)[disputed].sum()), int(disputed.sum()))
        if disputed.any()
        else None,
        cross,
        entropy,
    )


def majority_of(votes: Votes) -> NDArray[np.int64]:
    """Majority vote: int64 `(n,)`; -1 without a majority."""
    best = votes.counts.max(axis=1)
    unique = (votes.counts == best[:, None]).sum(axis=1) == 1
    clear = unique & (best > votes.others) & (best > 0)
    return np.where(clear, votes.counts.argmax(axis=1), -1)


def _entropies(answers: SplitPredictions, votes: Votes, temperature: float) -> tuple[float, float]:
    given = votes.counts.sum(axis=1)
    voted = given > 0
    shares = votes.counts[voted] / given[voted, None]
    logs = log_softmax(calibrated_logits(answers, temperature)[voted])
    own = np.log(np.maximum(shares, 1e-12))
    return float(-(shares * own).sum(axis=1).mean()), float(-(shares * logs).sum(axis=1).mean())
