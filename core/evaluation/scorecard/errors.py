"""Which pictures a model gets wrong, and which classes it takes for one another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Interval, softmax
from core.evaluation.metrics.basics import confusion_counts, wilson_interval
from core.evaluation.metrics.significance import Difference, unpaired_difference
from core.evaluation.predictions.predictions import SplitPredictions

Positions = NDArray[np.int64]
Chosen = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class EvaluatedPictures:
    """What was said of each picture of a split, beside its label.

    Attributes:
        digests: uint64, shape `(n,)`: names of the pictures (`picture_digests`).
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
    def said(self) -> NDArray[np.int64]:
        """The class with the highest score, int64 `(n,)`."""
        return np.asarray(self.scores.argmax(axis=1), dtype=np.int64)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """The highest score, float64 `(n,)`, in [1 / k, 1]."""
        return np.asarray(self.scores.max(axis=1))

    @property
    def labelled(self) -> Chosen:
        """Which pictures carry a label: bool, shape `(n,)`."""
        return np.asarray(self.labels != UNLABELLED)

    @property
    def wrong(self) -> Chosen:
        """Which were named otherwise than their label: bool, shape `(n,)`."""
        return np.asarray(self.labelled & (self.said != self.labels))

    @property
    def right(self) -> Chosen:
        """Which were named as their label: bool, shape `(n,)`."""
        return np.asarray(self.labelled & (self.said == self.labels))

    @property
    def margin(self) -> NDArray[np.float64]:
        """How far the label's score lies under the highest, in [0, 1]; 0 without a label."""
        given = self.scores[np.arange(len(self)), np.where(self.labelled, self.labels, self.said)]
        return np.asarray(self.confidence - given)


class ErrorKind(StrEnum):
    """Which pictures of a gallery, and in which order."""

    CONFIDENT_ERRORS = "confident errors"
    """Wrong, the most confident first."""
    LOW_MARGIN_ERRORS = "low-margin errors"
    """Wrong, those first whose label nearly won."""
    CORRECT_LOW_CONFIDENCE = "correct, low confidence"
    """Right, the least confident first."""


@dataclass(frozen=True)
class ErrorFilter:
    """Which pictures to look at; None and the whole range leave nothing out.

    Attributes:
        truth: carrying this label.
        said: named so.
        least, most: range of the highest score, in [0, 1], both included.
    """

    truth: str | None = None
    said: str | None = None
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class ConfusedPair:
    """One class taken for another.

    Attributes:
        truth, said: the label, and what the model named instead.
        pictures: how many.
        of: pictures with this label.
        share: `pictures` of `of`, with its Wilson interval.
        doubtful: how many of `pictures` carry a label that is likely wrong.
    """

    truth: str
    said: str
    pictures: int
    of: int
    share: Interval
    doubtful: int = 0


@dataclass(frozen=True)
class ErrorSummary:
    """A split's errors in short.

    Attributes:
        wrong: how many.
        share: of the labelled pictures, with its Wilson interval.
        doubtful: how many of `wrong` carry a label that is likely wrong.
        sound: how many do not.
    """

    wrong: int
    share: Interval
    doubtful: int
    sound: int


def summarise(judged: EvaluatedPictures, doubtful: Chosen) -> ErrorSummary | None:
    """A split's errors in short; None where no picture carries a label.

    Args:
        doubtful: bool, shape `(n,)`: whose label is likely wrong.
    """
    every = np.ones(len(judged), dtype=np.bool_)
    share = share_wrong(judged, every)
    if share is None:
        return None
    return ErrorSummary(
        wrong=int(judged.wrong.sum()),
        share=share,
        doubtful=int((judged.wrong & doubtful).sum()),
        sound=int((judged.wrong & ~doubtful).sum()),
    )


def evaluated_pictures(answers: SplitPredictions, *, temperature: float) -> EvaluatedPictures:
    """Scores from kept answers.

    Args:
        temperature: divides the logits.
    """
    scores = softmax(answers.logits.astype(np.float64) / temperature)
    return EvaluatedPictures(answers.digests, answers.labels, scores, answers.classes)


def confused_pairs(judged: EvaluatedPictures, doubtful: Chosen) -> tuple[ConfusedPair, ...]:
    """Every pair of classes that was confused at least once, the most pictures first.

    Args:
        doubtful: bool, shape `(n,)`: whose label is likely wrong.
    """
    counts, apart = _counts(judged, judged.wrong), _counts(judged, judged.wrong & doubtful)
    of = np.bincount(judged.labels[judged.labelled], minlength=len(judged.classes))
    order = np.argsort(-counts, axis=None, kind="stable")
    return tuple(
        ConfusedPair(
            truth=judged.classes[truth],
            said=judged.classes[said],
            pictures=int(counts[truth, said]),
            of=int(of[truth]),
            share=wilson_interval(int(counts[truth, said]), int(of[truth])),
            doubtful=int(apart[truth, said]),
        )
        for truth, said in zip(*np.unravel_index(order, counts.shape), strict=True)
        if counts[truth, said] > 0
    )


def ordered(judged: EvaluatedPictures, kind: ErrorKind, keep: Chosen) -> Positions:
    """Positions of the pictures of one kind, in its order; equals keep theirs.

    Args:
        keep: bool, shape `(n,)`: the others are left out.
    """
    match kind:
        case ErrorKind.CONFIDENT_ERRORS:
            chosen, key = judged.wrong, -judged.confidence
        case ErrorKind.LOW_MARGIN_ERRORS:
            chosen, key = judged.wrong, judged.margin
        case ErrorKind.CORRECT_LOW_CONFIDENCE:
            chosen, key = judged.right, judged.confidence
    positions = np.flatnonzero(chosen & keep)
    return positions[np.argsort(key[positions], kind="stable")]


def passes(judged: EvaluatedPictures, asked: ErrorFilter) -> Chosen:
    """Which pictures a filter lets through: bool, shape `(n,)`.

    Raises:
        ValueError: a class that was not judged.
    """
    keep = (judged.confidence >= asked.least) & (judged.confidence <= asked.most)
    if asked.truth is not None:
        keep &= judged.labels == judged.classes.index(asked.truth)
    if asked.said is not None:
        keep &= judged.said == judged.classes.index(asked.said)
    return np.asarray(keep)


def share_wrong(judged: EvaluatedPictures, keep: Chosen) -> Interval | None:
    """Share of the labelled pictures in `keep` that were named wrong; None without any."""
    wrong, of = _tally(judged, keep)
    return wilson_interval(wrong, of) if of else None


@dataclass(frozen=True)
class SubsetComparison:
    """Whether some pictures are harder than the others.

    Attributes:
        inside, outside: share named wrong, with their Wilson intervals.
        difference: of the first less the second.
    """

    inside: Interval
    outside: Interval
    difference: Difference


def compare_subset(judged: EvaluatedPictures, inside: Chosen) -> SubsetComparison | None:
    """Compare some pictures with all others; None where one side has no labelled picture."""
    here, others = _tally(judged, inside), _tally(judged, ~inside)
    if not here[1] or not others[1]:
        return None
    return SubsetComparison(
        wilson_interval(*here), wilson_interval(*others), unpaired_difference(here, others)
    )


def _tally(judged: EvaluatedPictures, keep: Chosen) -> tuple[int, int]:
    """Pictures named wrong, and all labelled ones."""
    return int((judged.wrong & keep).sum()), int((judged.labelled & keep).sum())


def _counts(judged: EvaluatedPictures, which: Chosen) -> NDArray[np.int64]:
    return confusion_counts(judged.labels[which], judged.said[which], len(judged.classes))
