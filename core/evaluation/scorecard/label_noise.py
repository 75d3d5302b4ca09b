"""Label noise: labels of evaluated pictures that are likely wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit import LABEL_ERROR_CONFIDENCE, Problem, ProblemKind, find_disputed
from core.datasets.labels import Votes
from core.domain import FER7, UNLABELLED, Dataset
from core.domain.counted import percent
from core.domain.dataset import picture_digests
from core.evaluation.scorecard.errors import EvaluatedPictures

BY_DISAGREEMENT = (
    "Likely label errors: labels that this model contradicts with a confidence of "
    f"{percent(LABEL_ERROR_CONFIDENCE)} or more. Some of them are errors of the model itself. An "
    "audit of the dataset, or FER+'s votes beside its files, tells them apart better."
)

_SOURCES = {
    ProblemKind.LABEL: "the audit's confident learning",
    ProblemKind.DISPUTED: "human votes (FER+)",
}


@dataclass(frozen=True, eq=False)
class AuditedDataset:
    """A dataset with the problems that its audit found.

    Attributes:
        dataset: as published.
        problems: of any kind; those of labels are used.
    """

    dataset: Dataset
    problems: Sequence[Problem]


@dataclass(frozen=True, eq=False)
class LabelNoise:
    """Which labels are likely wrong.

    Attributes:
        flagged: bool, shape `(n,)`, in the order of the evaluated pictures.
        scores: float32, shape `(n,)`, in [0, 1]: the higher, the worse; 0 where not flagged.
        suggested: int64, shape `(n,)`: the class that fits better, or `UNLABELLED`.
        sentence: how they were found.
    """

    flagged: NDArray[np.bool_]
    scores: NDArray[np.float32]
    suggested: NDArray[np.int64]
    sentence: str

    def worst_first(self, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Positions of the flagged pictures in `keep`, worst first."""
        positions = np.flatnonzero(self.flagged & keep)
        return positions[np.argsort(-self.scores[positions], kind="stable")]


def suspected_by_model(evaluated: EvaluatedPictures) -> LabelNoise:
    """Labels that the evaluated model contradicts with high confidence."""
    flagged = evaluated.wrong & (evaluated.confidence >= LABEL_ERROR_CONFIDENCE)
    return LabelNoise(
        flagged,
        np.where(flagged, evaluated.confidence, 0.0).astype(np.float32),
        np.where(flagged, evaluated.predicted, UNLABELLED).astype(np.int64),
        BY_DISAGREEMENT,
    )


def suspected_by_others(
    evaluated: EvaluatedPictures, audited: AuditedDataset | None, votes: Votes | None
) -> LabelNoise | None:
    """Labels flagged by an audit or by human votes; None where neither covers these pictures.

    Args:
        audited: a dataset that holds the pictures.
        votes: of human raters, rows in the order of `evaluated`.
    """
    problems = _label_problems(evaluated, audited)
    by_votes = votes is not None and evaluated.classes == FER7.labels
    if not problems and not by_votes:
        return None
    who = [_SOURCES[one.kind] for one in problems]
    if by_votes and _SOURCES[ProblemKind.DISPUTED] not in who:
        who.append(_SOURCES[ProblemKind.DISPUTED])
    found = LabelNoise(
        np.zeros(len(evaluated), np.bool_),
        np.zeros(len(evaluated), np.float32),
        np.full(len(evaluated), UNLABELLED, np.int64),
        f"Likely label errors according to {' and '.join(who)}.",
    )
    if audited is not None:
        for problem in problems:
            _take_problem(found, evaluated, audited.dataset, problem)
    if votes is not None and by_votes:
        every = np.arange(len(evaluated))
        _take(found, every, find_disputed(votes.counts, votes.others, evaluated.labels), every)
    return found


def _label_problems(evaluated: EvaluatedPictures, audited: AuditedDataset | None) -> list[Problem]:
    if audited is None or audited.dataset.scheme.labels != evaluated.classes:
        return []
    return [one for one in audited.problems if one.kind in _SOURCES]


def _take_problem(
    found: LabelNoise, evaluated: EvaluatedPictures, dataset: Dataset, problem: Problem
) -> None:
    """Add one problem's flags where the same picture was evaluated under the same label."""
    flagged = np.flatnonzero(problem.flagged)
    if len(flagged) == 0:
        return
    names = picture_digests(dataset.pictures.pixels[flagged])
    order = np.argsort(names, kind="stable")
    at = np.minimum(np.searchsorted(names[order], evaluated.digests), len(names) - 1)
    row = flagged[order][at]
    same = (names[order][at] == evaluated.digests) & (
        dataset.pictures.labels[row] == evaluated.labels
    )
    _take(found, np.flatnonzero(same), problem, row[same])


def _take(
    found: LabelNoise,
    positions: NDArray[np.int64],
    problem: Problem,
    rows: NDArray[np.int64],
) -> None:
    """Put the flags of a problem's rows `rows` at `positions`; the worse doubt suggests."""
    flagged = problem.flagged[rows]
    positions, rows = positions[flagged], rows[flagged]
    found.flagged[positions] = True
    worse = problem.scores[rows] >= found.scores[positions]
    found.scores[positions[worse]] = problem.scores[rows[worse]]
    found.suggested[positions[worse]] = problem.suggested[rows[worse]]
