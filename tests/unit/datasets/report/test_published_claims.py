from __future__ import annotations

import numpy as np
import pytest

from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.report import PUBLISHED_CLAIMS, measured_claims


def _problem(kind, *flagged):
    flags = np.array(flagged, bool)
    return Problem(kind, flags.astype(np.float32), flags, "Looked for.")


def test_a_picture_with_two_faults_counts_once():
    problems = [
        _problem(ProblemKind.BLURRED, 1, 1, 0, 0),
        _problem(ProblemKind.TOO_DARK, 0, 1, 1, 0),
        _problem(ProblemKind.EXACT_DUPLICATE, 0, 0, 0, 1),
    ]
    low_quality, near, exact, _ = measured_claims(problems)
    assert low_quality.measured == 0.75
    assert exact.measured == 0.25
    assert near.measured is None


def test_a_claim_that_was_not_checked_neither_holds_nor_fails():
    assert [claim.holds for claim in measured_claims([])] == [None] * len(PUBLISHED_CLAIMS)
    assert [claim.claimed for claim in PUBLISHED_CLAIMS] == [0.15, 0.08, 0.052, 0.124]


@pytest.mark.parametrize(("found", "holds"), [(15, True), (12, True), (18, True), (11, False)])
def test_a_claim_holds_within_a_fifth_of_it(found, holds):
    problem = _problem(ProblemKind.BLURRED, *[1] * found, *[0] * (100 - found))
    assert measured_claims([problem])[0].holds is holds
