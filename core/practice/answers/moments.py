"""Moments of an answer, for the person to confirm or reject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.intervals import Interval, share_interval
from core.domain.practice import MomentAnswer, MomentKind, Verdict
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.nod_series import nod_series


@dataclass(frozen=True)
class Moment:
    """A candidate: what was measured, not what it meant.

    Attributes:
        kind: what it may be.
        begins_s, ends_s: seconds of the answer.
        strength: to order moments of one kind: seconds of looks, nods and silences, SD of tension,
            smile above the own face at rest.
    """

    kind: MomentKind
    begins_s: float
    ends_s: float
    strength: float


@dataclass(frozen=True)
class MomentAgreement:
    """How often the person agreed with moments of one kind.

    Attributes:
        kind: of the moments.
        offered: how many there were.
        confirmed, rejected: how many.
        share: of the answered ones that were confirmed, with its interval; None without any.
    """

    kind: MomentKind
    offered: int
    confirmed: int
    rejected: int
    share: Interval | None


def moments_of(data: AnswerData) -> tuple[Moment, ...]:
    """The moments of an answer, in time order."""
    return tuple(
        Moment(MomentKind.NODS, one.begins_s, one.ends_s, one.held_s) for one in nod_series(data)
    )


def agreement_with_moments(
    moments: Iterable[Moment], answers: Iterable[MomentAnswer]
) -> tuple[MomentAgreement, ...]:
    """How often a person agreed, for each kind that was offered or answered, in the order of
    `MomentKind`.

    Args:
        moments: of the answers looked at.
        answers: of these moments.
    """
    offered = Counter(one.kind for one in moments)
    counts = Counter((one.kind, one.verdict) for one in answers)
    found = []
    for kind in MomentKind:
        confirmed, rejected = (counts[kind, one] for one in (Verdict.CONFIRMED, Verdict.REJECTED))
        answered = confirmed + rejected
        if offered[kind] or answered:
            share = share_interval(confirmed, answered) if answered else None
            found.append(MomentAgreement(kind, offered[kind], confirmed, rejected, share))
    return tuple(found)
