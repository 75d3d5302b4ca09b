"""Misclassified pictures and confused classes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Interval, softmax
from core.domain.intervals import share_interval
from core.evaluation.metrics.confusion_matrix_metrics import confusion_counts
from core.evaluation.metrics.significance import Difference, unpaired_difference
from core.evaluation.predictions.predictions import SplitPredictions

Positions = NDArray[np.int64]
Chosen = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class EvaluatedPictures:
    """The scores of each picture of a split, with its label.

    Attributes:
        digests: uint64, shape `(n,)`: hashes of the pictures (`picture_digests`).
        labels: int64, shape `(n,)`: class numbers, or `UNLABELLED`.
        scores: float64, shape `(n, k)`, calibrated; rows sum to 1.
        classes: names of the class numbers.
    """

    digests: NDArray[np.uint64]
    labels: NDArray[np.int64]
    scores: NDArray[np.float64]
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.scores.shape != (len(self.labels), len(self.classes)):
            raise ValueError(f"{self.scores.shape} scores for {self.labels.shape} labels")
        if self.digests.shape != self.labels.shape:
            raise ValueError(f"{self.digests.shape} names for {self.labels.shape} labels")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The class with the highest score, int64 `(n,)`."""
        return np.asarray(self.scores.argmax(axis=1), dtype=np.int64)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """The highest score, float64 `(n,)`, in [1 / k, 1]."""
        return np.asarray(self.scores.max(axis=1))

    @property
    def labelled(self) -> Chosen:
        """Which pictures have a label: bool, shape `(n,)`."""
        return np.asarray(self.labels != UNLABELLED)

    @property
    def wrong(self) -> Chosen:
        """Which are misclassified: bool, shape `(n,)`."""
        return np.asarray(self.labelled & (self.predicted != self.labels))

    @property
    def right(self) -> Chosen:
        """Which are classified correctly: bool, shape `(n,)`."""
        return np.asarray(self.labelled & (self.predicted == self.labels))

    @property
    def margin(self) -> NDArray[np.float64]:
        """Highest score minus the label's score, in [0, 1]; 0 without a label."""
        given = self.scores[
            np.arange(len(self)), np.where(self.labelled, self.labels, self.predicted)
        ]
        return np.asarray(self.confidence - given)


class ErrorKind(StrEnum):
    """Which pictures a gallery shows, and in which order."""

    CONFIDENT_ERRORS = "confident errors"
    """Misclassified, the most confident first."""
    LOW_MARGIN_ERRORS = "low-margin errors"
    """Misclassified, the smallest margin first."""
    CORRECT_LOW_CONFIDENCE = "correct, low confidence"
    """Correct, the least confident first."""


@dataclass(frozen=True)
class ErrorFilter:
    """A filter of pictures; None and the full range let all pass.

    Attributes:
        truth: their label.
        predicted: their predicted class.
        least, most: range of the highest score, in [0, 1], both included.
    """

    truth: str | None = None
    predicted: str | None = None
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class ConfusedPair:
    """One class misclassified as another.

    Attributes:
        truth, predicted: the label, and the predicted class.
        pictures: how many.
        of: pictures with this label.
        share: `pictures` of `of`, with its Wilson interval.
        noisy: how many of `pictures` have a label that is likely wrong.
    """

    truth: str
    predicted: str
    pictures: int
    of: int
    share: Interval
    noisy: int = 0


@dataclass(frozen=True)
class ErrorSummary:
    """Summary of a split's errors.

    Attributes:
        wrong: misclassified pictures.
        share: of the labelled pictures, with its Wilson interval.
        noisy: how many of `wrong` have a label that is likely wrong.
        clean: how many do not.
    """

    wrong: int
    share: Interval
    noisy: int
    clean: int


def summarise(evaluated: EvaluatedPictures, noisy: Chosen) -> ErrorSummary | None:
    """Summary of a split's errors; None without any labelled picture.

    Args:
        noisy: bool, shape `(n,)`: whose label is likely wrong.
    """
    every = np.ones(len(evaluated), dtype=np.bool_)
    share = share_wrong(evaluated, every)
    if share is None:
        return None
    return ErrorSummary(
        wrong=int(evaluated.wrong.sum()),
        share=share,
        noisy=int((evaluated.wrong & noisy).sum()),
        clean=int((evaluated.wrong & ~noisy).sum()),
    )


def evaluated_pictures(answers: SplitPredictions, *, temperature: float) -> EvaluatedPictures:
    """Scores from stored predictions.

    Args:
        temperature: divides the logits.
    """
    scores = softmax(answers.logits.astype(np.float64) / temperature)
    return EvaluatedPictures(answers.digests, answers.labels, scores, answers.classes)


def confused_pairs(evaluated: EvaluatedPictures, noisy: Chosen) -> tuple[ConfusedPair, ...]:
    """Every pair of classes that was confused at least once, the most pictures first.

    Args:
        noisy: bool, shape `(n,)`: whose label is likely wrong.
    """
    counts, noisy_counts = (
        _counts(evaluated, evaluated.wrong),
        _counts(evaluated, evaluated.wrong & noisy),
    )
    of = np.bincount(evaluated.labels[evaluated.labelled], minlength=len(evaluated.classes))
    order = np.argsort(-counts, axis=None, kind="stable")
    return tuple(
        ConfusedPair(
            truth=evaluated.classes[truth],
            predicted=evaluated.classes[predicted],
            pictures=int(counts[truth, predicted]),
            of=int(of[truth]),
            share=share_interval(int(counts[truth, predicted]), int(of[truth])),
            noisy=int(noisy_counts[truth, predicted]),
        )
        for truth, predicted in zip(*np.unravel_index(order, counts.shape), strict=True)
        if counts[truth, predicted] > 0
    )


def ordered(evaluated: EvaluatedPictures, kind: ErrorKind, keep: Chosen) -> Positions:
    """Positions of the pictures of one kind, in its order; the sort is stable.

    Args:
        keep: bool, shape `(n,)`: the others are left out.
    """
    match kind:
        case ErrorKind.CONFIDENT_ERRORS:
            chosen, key = evaluated.wrong, -evaluated.confidence
        case ErrorKind.LOW_MARGIN_ERRORS:
            chosen, key = evaluated.wrong, evaluated.margin
        case ErrorKind.CORRECT_LOW_CONFIDENCE:
            chosen, key = evaluated.right, evaluated.confidence
    positions = np.flatnonzero(chosen & keep)
    return positions[np.argsort(key[positions], kind="stable")]


def passes(evaluated: EvaluatedPictures, criteria: ErrorFilter) -> Chosen:
    """Which pictures a filter lets through: bool, shape `(n,)`.

    Raises:
        ValueError: an unknown class.
    """
    keep = (evaluated.confidence >= criteria.least) & (evaluated.confidence <= criteria.most)
    if criteria.truth is not None:
        keep &= evaluated.labels == evaluated.classes.index(criteria.truth)
    if criteria.predicted is not None:
        keep &= evaluated.predicted == evaluated.classes.index(criteria.predicted)
    return np.asarray(keep)


def share_wrong(evaluated: EvaluatedPictures, keep: Chosen) -> Interval | None:
    """Error rate on the labelled pictures in `keep`; None without any."""
    wrong, of = _tally(evaluated, keep)
    return share_interval(wrong, of) if of else None


@dataclass(frozen=True)
class SubsetComparison:
    """Error rates of a subset and of all other pictures.

    Attributes:
        inside, outside: error rates with their Wilson intervals.
        difference: of the first minus the second.
    """

    inside: Interval
    outside: Interval
    difference: Difference


def compare_subset(evaluated: EvaluatedPictures, inside: Chosen) -> SubsetComparison | None:
    """Compare a subset with all other pictures; None where one has no labelled picture."""
    here, others = _tally(evaluated, inside), _tally(evaluated, ~inside)
    if not here[1] or not others[1]:
        return None
    return SubsetComparison(
        share_interval(*here), share_interval(*others), unpaired_difference(here, others)
    )


def _tally(evaluated: EvaluatedPictures, keep: Chosen) -> tuple[int, int]:
    """Misclassified pictures, and all labelled ones."""
    return int((evaluated.wrong & keep).sum()), int((evaluated.labelled & keep).sum())


def _counts(evaluated: EvaluatedPictures, which: Chosen) -> NDArray[np.int64]:
    return confusion_counts(
        evaluated.labels[which], evaluated.predicted[which], len(evaluated.classes)
    )
