"""Labels that are likely wrong are kept apart from errors."""

from __future__ import annotations

import numpy as np

from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.labels.ferplus_votes import Votes
from core.domain import FER7, UNLABELLED, Dataset
from core.domain.dataset import picture_digests
from core.evaluation.scorecard.errors import EvaluatedPictures
from core.evaluation.scorecard.label_noise import (
    AuditedDataset,
    suspected_by_model,
    suspected_by_others,
)
from tests.explanations import make_evaluated
from tests.make import make_dataset

LABELS = [0, 1, 2, 3]


def problem(kind: ProblemKind, flagged: list[int], score: float, suggested: int) -> Problem:
    """Some of four pictures are flagged."""
    which = np.isin(np.arange(4), flagged)
    return Problem(
        kind,
        scores=np.where(which, score, 0).astype(np.float32),
        flagged=which,
        sentence="Looked at.",
        suggested=np.where(which, suggested, UNLABELLED).astype(np.int64),
    )


def judged_of(dataset: Dataset, labels: list[int]) -> EvaluatedPictures:
    """The dataset's pictures, judged in the opposite order and under these labels."""
    digests = picture_digests(dataset.pictures.pixels)[::-1]
    scores = np.full((4, 7), 1 / 7)
    return EvaluatedPictures(digests, np.array(labels[::-1], np.int64), scores, FER7.labels)


def test_an_audit_s_flags_are_found_again_whatever_the_order() -> None:
    dataset = make_dataset({"PrivateTest": LABELS})
    told = [problem(ProblemKind.LABEL, [1], 0.9, 5), problem(ProblemKind.BLURRED, [0], 1.0, -1)]
    found = suspected_by_others(judged_of(dataset, LABELS), AuditedDataset(dataset, told), None)
    assert found is not None
    assert found.flagged.tolist() == [False, False, True, False]
    assert found.suggested.tolist() == [-1, -1, 5, -1]
    assert "confident learning" in found.sentence
    assert "FER+" not in found.sentence


def test_the_worse_doubt_says_what_fits_better() -> None:
    dataset = make_dataset({"PrivateTest": LABELS})
    told = [
        problem(ProblemKind.LABEL, [0, 2], 0.8, 4),
        problem(ProblemKind.DISPUTED, [2], 0.9, 6),
    ]
    found = suspected_by_others(judged_of(dataset, LABELS), AuditedDataset(dataset, told), None)
    assert found is not None
    assert found.suggested.tolist() == [-1, 6, -1, 4]
    assert found.worst_first(np.ones(4, np.bool_)).tolist() == [1, 3]


def test_a_label_that_was_corrected_since_is_not_doubted() -> None:
    dataset = make_dataset({"PrivateTest": LABELS})
    judged = judged_of(dataset, [0, 5, 2, 3])
    found = suspected_by_others(
        judged, AuditedDataset(dataset, [problem(ProblemKind.LABEL, [1], 0.9, 5)]), None
    )
    assert found is not None
    assert not found.flagged.any()


def test_an_audit_of_other_classes_says_nothing() -> None:
    dataset = make_dataset({"PrivateTest": LABELS})
    told = [problem(ProblemKind.LABEL, [1], 0.9, 5)]
    judged = judged_of(dataset, LABELS)
    other = EvaluatedPictures(judged.digests, judged.labels, judged.scores, tuple("abcdefg"))
    assert suspected_by_others(other, AuditedDataset(dataset, told), None) is None
    assert suspected_by_others(judged, AuditedDataset(dataset, []), None) is None
    assert suspected_by_others(judged, None, None) is None


def test_without_an_audit_the_model_doubts_what_it_surely_contradicts() -> None:
    found = suspected_by_model(make_evaluated([0, 0, 0, -1], [1, 1, 0, 1], [0.95, 0.6, 0.95, 0.95]))
    assert found.flagged.tolist() == [True, False, False, False]
    assert found.suggested.tolist() == [1, -1, -1, -1]
    assert "errors of the model itself" in found.sentence


def test_people_s_votes_travel_with_the_evaluation() -> None:
    counts = np.zeros((3, 7), dtype=np.int64)
    counts[:, 4] = [9, 2, 9]  # most say sad, but of the second
    counts[:, 0] = [1, 8, 1]
    votes = Votes(counts, np.zeros(3, np.int64), np.full(3, "PrivateTest"))
    judged = make_evaluated([0, 0, 4], [4, 4, 4])
    found = suspected_by_others(judged, None, votes)
    assert found is not None
    assert found.flagged.tolist() == [True, False, False]
    assert found.suggested[0] == 4
    assert "FER+" in found.sentence
    other = EvaluatedPictures(judged.digests, judged.labels, judged.scores, tuple("abcdefg"))
    assert suspected_by_others(other, None, votes) is None
