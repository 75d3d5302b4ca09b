"""Published claims about such datasets, compared with measurements of this one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.datasets.audit.problem import Problem, ProblemKind

HOLDS_WITHIN = 0.2
"""Relative tolerance of a claim: claims are approximate."""


@dataclass(frozen=True)
class Claim:
    """A published share of pictures with some fault.

    Attributes:
        what: the fault.
        claimed: share of the pictures, in [0, 1], as published.
        kinds: the kinds of problems that make up this fault.
        measured: the share found here; None where it was not checked.
    """

    what: str
    claimed: float
    kinds: tuple[ProblemKind, ...]
    measured: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the measured share is within the tolerance; None where it was not checked."""
        if self.measured is None:
            return None
        return abs(self.measured - self.claimed) <= HOLDS_WITHIN * self.claimed


_LOW_QUALITY = (
    ProblemKind.BLURRED,
    ProblemKind.TOO_DARK,
    ProblemKind.LOW_CONTRAST,
    ProblemKind.BURNT_OUT,
    ProblemKind.NO_FACE,
)
# Claims about FER2013: the first two in a report on learners' engagement, the others in papers and
# notebooks that cleaned it.
PUBLISHED_CLAIMS = (
    Claim("low quality: blurred, poorly lit or occluded", 0.15, _LOW_QUALITY),
    Claim("near duplicates", 0.08, (ProblemKind.NEAR_DUPLICATE,)),
    Claim("exact duplicates", 0.052, (ProblemKind.EXACT_DUPLICATE,)),
    Claim("near duplicates, by another count", 0.124, (ProblemKind.NEAR_DUPLICATE,)),
)


def measured_claims(
    problems: Sequence[Problem], *, claims: Iterable[Claim] = PUBLISHED_CLAIMS
) -> tuple[Claim, ...]:
    """The claims with measured shares: of pictures flagged for any of their kinds.

    A claim stays unmeasured where none of its kinds was checked.
    """
    return tuple(replace(claim, measured=_share(problems, claim.kinds)) for claim in claims)


def _share(problems: Sequence[Problem], kinds: tuple[ProblemKind, ...]) -> float | None:
    flags = [problem.flagged for problem in problems if problem.kind in kinds]
    if not flags or len(flags[0]) == 0:
        return None
    return float(np.logical_or.reduce(flags).mean())
