from __future__ import annotations

import numpy as np
import pytest

from core.datasets.audit.problem import NO_PARTNER, Problem, ProblemKind
from core.domain import UNLABELLED

SCORES = np.array([0.2, 0.9, 0.5, 0.9, 0.0], dtype=np.float32)


def _problem(scores=SCORES, flagged=None, **columns):
    flagged = scores > 0.3 if flagged is None else flagged
    return Problem(ProblemKind.BLURRED, scores, flagged, "Is it sharp?", **columns)


def test_missing_columns_of_a_problem_are_filled():
    assert _problem().partners.tolist() == [NO_PARTNER] * 5
    assert _problem().suggested.tolist() == [UNLABELLED] * 5


def test_the_worst_come_first_and_ties_keep_their_order():
    assert _problem().worst_first().tolist() == [1, 3, 2]
    assert _problem().count == 3


def test_no_pictures_have_no_problem():
    empty = _problem(SCORES[:0])
    assert (empty.count, empty.worst_first().tolist()) == (0, [])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -0.1, 1.1])
def test_scores_are_shares(bad):
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        _problem(np.array([0.5, bad], dtype=np.float32))


@pytest.mark.parametrize("name", ["partners", "suggested"])
def test_columns_fit_the_scores(name):
    with pytest.raises(ValueError, match=f"{name} has shape"):
        _problem(**{name: np.zeros(4, dtype=np.int64)})
    with pytest.raises(ValueError, match="flags for 5 scores"):
        _problem(flagged=np.zeros(4, dtype=np.bool_))
