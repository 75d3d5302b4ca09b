"""Moments of an answer, for the person to confirm or reject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from core.domain.intervals import Interval, share_interval
from core.domain.practice import MomentAnswer, MomentKind, Verdict
from core.measures import SMILING_AT
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.answer_figures import column_of
from core.practice.answers.head_direction import head_direction
from core.practice.answers.nod_series import nod_series
from core.practice.answers.spans import spans_where
from core.practice.answers.tension_course import tension_course
from core.practice.sound import pauses_of

MOST_MOMENTS = 8
"""Cards that a person answers in a minute."""

LONG_LOOK_S = 3.0
"""A look away counts from 2 s on; a moment is one that may be remembered."""

LEAST_SMILE_S = 1.0
"""Of a smile, as measured over a second each: shorter ones are mostly speech."""

LEAST_SILENCE_S = 3.0
"""Between words, where a microphone was allowed."""


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
    """The moments of an answer, at most `MOST_MOMENTS`, in time order.

    Each kind in turn gives its strongest, so that many looks away hide no smile.
    """
    found = [sorted(rule(data), key=lambda one: -one.strength) for rule in _RULES]
    in_turn = [one for turn in zip_longest(*found) for one in turn if one is not None]
    return tuple(sorted(in_turn[:MOST_MOMENTS], key=lambda one: (one.begins_s, one.kind)))


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


def _looks(data: AnswerData) -> Iterator[Moment]:
    for look in head_direction(data).looks:
        span = look.span
        if span.held_s >= LONG_LOOK_S:
            yield Moment(MomentKind.LOOK_AWAY, span.begins_s, span.ends_s, span.held_s)


def _tension_peaks(data: AnswerData) -> Iterator[Moment]:
    for span, above in tension_course(data).peaks():
        ends_s = min(span.ends_s, data.length_s)
        yield Moment(MomentKind.TENSION, span.begins_s, ends_s, above)


def _smiles(data: AnswerData) -> Iterator[Moment]:
    """Where the last second was a smile: it began half a second before."""
    times_s = data.rows.time_s
    smile = column_of(data, "smile_share", part="smile")
    is_smiling = np.where(np.isnan(smile), np.nan, smile >= SMILING_AT)
    for span in spans_where(times_s, data.seconds, is_smiling, least_s=LEAST_SMILE_S, bridge_s=0.5):
        inside = (times_s >= span.begins_s) & (times_s < span.ends_s) & ~np.isnan(smile)
        begins_s = max(0.0, span.begins_s - 0.5)
        mean = float(np.average(smile[inside], weights=data.seconds[inside]))
        yield Moment(MomentKind.SMILE, begins_s, max(begins_s, span.ends_s - 0.5), mean)


def _nods(data: AnswerData) -> Iterator[Moment]:
    for span in nod_series(data):
        yield Moment(MomentKind.NODS, span.begins_s, min(span.ends_s, data.length_s), span.held_s)


def _silences(data: AnswerData) -> Iterator[Moment]:
    for begins_s, ends_s in pauses_of(data.speech, at_least_s=LEAST_SILENCE_S):
        yield Moment(MomentKind.SILENCE, begins_s, ends_s, ends_s - begins_s)


_RULES: tuple[Callable[[AnswerData], Iterator[Moment]], ...] = (
    _looks,
    _tension_peaks,
    _smiles,
    _nods,
    _silences,
)
"""In the order of `MomentKind`."""
