"""Labels of judged pictures that are likely wrong: an error there says little about the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit import LABEL_ERROR_CONFIDENCE, Problem, ProblemKind, find_disputed
from core.datasets.labels import Votes
from core.domain import FER7, UNLABELLED, Dataset
from core.domain.dataset import picture_digests
from core.evaluation.scorecard.errors import EvaluatedPictures

BY_DISAGREEMENT = (
    "Likely label errors: labels that this model contradicts with a confidence of "
    f"{LABEL_ERROR_CONFIDENCE:.0%} or more. Some of them are errors of the model itself. An audit "
    "of the dataset, or FER+'s votes beside its files, tells them apart better."
).replace("%", " %")

_WORDS = {
    ProblemKind.LABEL: "the audit's confident learning",
    ProblemKind.DISPUTED: "human votes (FER+)",
}


@dataclass(frozen=True, eq=False)
class AuditedDataset:
    """What is known to be wrong with a dataset.

    Attributes:
        dataset: the pictures that `problems` are about, as published.
        problems: of any kind; those about labels count.
    """

    dataset: Dataset
    problems: Sequence[Problem]


@dataclass(frozen=True, eq=False)
class LabelNoise:
    """Which labels are likely wrong.

    Attributes:
        flagged: bool, shape `(n,)`, in the order of the judged pictures.
        scores: float32, shape `(n,)`, in [0, 1]: the higher, the worse; 0 where not flagged.
        suggested: int64, shape `(n,)`: the class that fits better, or `UNLABELLED`.
        sentence: who doubts them.
    """

    flagged: NDArray[np.bool_]
    scores: NDArray[np.float32]
    suggested: NDArray[np.int64]
    sentence: str

    def worst_first(self, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Positions of the flagged pictures in `keep`, worst first."""
        positions = np.flatnonzero(self.flagged & keep)
        return positions[np.argsort(-self.scores[positions], kind="stable")]


def suspected_by_model(judged: EvaluatedPictures) -> LabelNoise:
    """Where nobody else looked at the labels: those the judged model surely contradicts."""
    flagged = judged.wrong & (judged.confidence >= LABEL_ERROR_CONFIDENCE)
    return LabelNoise(
        flagged,
        np.where(flagged, judged.confidence, 0.0).astype(np.float32),
        np.where(flagged, judged.said, UNLABELLED).astype(np.int64),
        BY_DISAGREEMENT,
    )


def suspected_by_others(
    judged: EvaluatedPictures, audited: AuditedDataset | None, votes: Votes | None
) -> LabelNoise | None:
    """Where labels were audited or voted on; None where that says nothing about these pictures.

    Args:
        audited: what is known of a dataset that holds the pictures.
        votes: people's, rows in the order of `judged`.
    """
    told = _about_labels(judged, audited)
    by_votes = votes is not None and judged.classes == FER7.labels
    if not told and not by_votes:
        return None
    who = [_WORDS[one.kind] for one in told]
    if by_votes and _WORDS[ProblemKind.DISPUTED] not in who:
        who.append(_WORDS[ProblemKind.DISPUTED])
    found = LabelNoise(
        np.zeros(len(judged), np.bool_),
        np.zeros(len(judged), np.float32),
        np.full(len(judged), UNLABELLED, np.int64),
        f"Likely label errors according to {' and '.join(who)}.",
    )
    if audited is not None:
        for problem in told:
            _take_found(found, judged, audited.dataset, problem)
    if votes is not None and by_votes:
        every = np.arange(len(judged))
        _take(found, every, find_disputed(votes.counts, votes.others, judged.labels), every)
    return found


def _about_labels(judged: EvaluatedPictures, audited: AuditedDataset | None) -> list[Problem]:
    if audited is None or audited.dataset.scheme.labels != judged.classes:
        return []
    return [one for one in audited.problems if one.kind in _WORDS]


def _take_found(
    found: LabelNoise, judged: EvaluatedPictures, dataset: Dataset, problem: Problem
) -> None:
    """Put one problem's flags where the same picture was judged under the same label."""
    flagged = np.flatnonzero(problem.flagged)
    if len(flagged) == 0:
        return
    names = picture_digests(dataset.pictures.pixels[flagged])
    order = np.argsort(names, kind="stable")
    at = np.minimum(np.searchsorted(names[order], judged.digests), len(names) - 1)
    place = flagged[order][at]
    same = (names[order][at] == judged.digests) & (dataset.pictures.labels[place] == judged.labels)
    _take(found, np.flatnonzero(same), problem, place[same])


def _take(
    found: LabelNoise,
    positions: NDArray[np.int64],
    problem: Problem,
    places: NDArray[np.int64],
) -> None:
    """Put the flags of a problem's rows `places` at `positions`; the worse doubt suggests."""
    flagged = problem.flagged[places]
    positions, places = positions[flagged], places[flagged]
    found.flagged[positions] = True
    worse = problem.scores[places] >= found.scores[positions]
    found.scores[positions[worse]] = problem.scores[places[worse]]
    found.suggested[positions[worse]] = problem.suggested[places[worse]]
