"""Which remarks an answer gets.

Each is about what could be seen, and what a person can change. Their order is that of
`RemarkKind`, and not that of their figures: first what one decides (where to look, when to speak),
then what takes practice (tension, a still face), then the set-up. So two ways of reading one clip
give the same remarks unless a figure lies on a threshold. The thresholds are our judgement: less
than that is usual in every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from core.domain import RejectReason
from core.measures import CALIBRATED
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.answer_figures import AnswerFigures, readable
from core.practice.answers.head_direction import Direction, HeadDirection, head_direction
from core.practice.answers.remark import MOST_REMARKS, Remark, RemarkKind, Third
from core.practice.answers.spans import Span, longest, spans_where
from core.practice.answers.tension_course import tension_course, tension_of_thirds
from core.practice.answers.thirds import seconds_in_thirds, third_of, thirds_of
from core.practice.sound import TENTHS_PER_S, pauses_of

LOOKED_AWAY_S, LOOKED_AWAY_SHARE = 5.0, 0.15
"""People who think look away for a moment; a look of five seconds in all is seen by others."""

MOSTLY = 0.6
"""Of a look away: in one third of the answer, beside the 0.33 of one that is spread evenly."""

LONG_SILENCE_S, LATE_WORD_S = 4.0, 5.0
"""Pauses of two seconds belong to thinking aloud; the time to think comes before the answer."""

LEAST_HEARD_S = 2.0
"""Of speech in all: a click, or a cough, is no first word, and between two nobody fell silent."""

TENSE_SD, TENSER_SD = 3.0, 2.0
"""Of a third of the answer: above the own calm face, of which one second in a thousand is; and
above the rest of the answer, as talking alone moves brows and lips all the time."""

STILL_AT = 0.1
"""Percentile among own earlier answers."""

OTHERS_S, OTHERS_SHARE = 5.0, 0.1
LOST_S, LOST_SHARE = 5.0, 0.1
"""A face in passing, or a hand over the face for a moment, needs no words."""


def feedback(figures: AnswerFigures, data: AnswerData) -> tuple[Remark, ...]:
    """At most `MOST_REMARKS` remarks, most important first; none where it is not readable.

    Where nothing stands out it is one neutral fact.

    Args:
        figures: of these data, `compared` with earlier answers where there are any.
    """
    if not readable(figures):
        return ()
    found = [remark for rule in _RULES for remark in rule(figures, data)]
    if any(one.kind is RemarkKind.LOOKED_AWAY for one in found):
        found = [one for one in found if one.reason is not RejectReason.TURNED_AWAY]
    return tuple(found[:MOST_REMARKS]) or (_neutral(figures, data),)


def _looked_away(figures: AnswerFigures, data: AnswerData) -> Iterator[Remark]:
    """The directions with enough seconds, that with most first."""
    least_s = max(LOOKED_AWAY_S, LOOKED_AWAY_SHARE * figures.facing_known_s)
    enough = [(one, s) for one, s in figures.looked_s.items() if s >= least_s]
    if enough:
        head = head_direction(data)
        for direction, seconds in sorted(enough, key=lambda one: -one[1]):
            yield _look(direction, seconds, data, head)


def _look(direction: Direction, seconds: float, data: AnswerData, head: HeadDirection) -> Remark:
    is_there = (head.direction == list(Direction).index(direction)).astype(np.float64)
    in_thirds = seconds_in_thirds(data, is_there)
    most = max(Third, key=lambda one: in_thirds[one])
    third = most if in_thirds[most] >= MOSTLY * seconds and thirds_of(data) else None
    states = np.where(np.isnan(head.facing), np.nan, is_there)
    spans = spans_where(data.rows.time_s, data.seconds, states, least_s=0.0, bridge_s=1.0)
    there = [one for one in spans if third in {None, third_of(data, one)}] or spans
    span = longest(there)
    return Remark(
        RemarkKind.LOOKED_AWAY,
        span.begins_s,
        span.ends_s,
        seconds,
        head.known_s,
        direction=direction,
        third=third,
    )


def _long_silence(figures: AnswerFigures, data: AnswerData) -> Iterator[Remark]:
    """The longest silence between words, if it is long."""
    longest_s = figures.sound.longest_pause_s if figures.sound is not None else None
    if longest_s is not None and longest_s >= LONG_SILENCE_S and _is_heard(data):
        begins_s, ends_s = max(pauses_of(data.speech), key=lambda one: round(one[1] - one[0], 1))
        yield Remark(RemarkKind.LONG_SILENCE, begins_s, ends_s, longest_s, data.length_s)


def _late_first_word(figures: AnswerFigures, data: AnswerData) -> Iterator[Remark]:
    first_s = figures.sound.first_word_s if figures.sound is not None else None
    if first_s is not None and first_s >= LATE_WORD_S and _is_heard(data):
        yield Remark(RemarkKind.LATE_FIRST_WORD, 0.0, first_s, first_s, data.length_s)


def _is_heard(data: AnswerData) -> bool:
    return int((data.speech.spoken == 1).sum()) >= LEAST_HEARD_S * TENTHS_PER_S


def _tense(figures: AnswerFigures, data: AnswerData) -> Iterator[Remark]:
    """The third with most tension, where that is more than the own calm face and the rest."""
    if figures.tension is None or figures.basis.get("tension") != CALIBRATED:
        return
    means = tension_of_thirds(data)
    if len(means) < len(Third):
        return
    most = max(means, key=lambda one: means[one])
    rest = np.mean([value for third, value in means.items() if third is not most])
    if means[most] >= TENSE_SD and means[most] - rest >= TENSER_SD:
        begins_s, ends_s = thirds_of(data)[most]
        peak_s = tension_course(data).peak_between(begins_s, ends_s)
        yield Remark(RemarkKind.TENSION, *peak_s, value=means[most], third=most)


def _still(figures: AnswerFigures, data: AnswerData) -> Iterator[Remark]:
    percentile = figures.expressiveness_percentile
    if percentile is not None and percentile <= STILL_AT:
        yield Remark(RemarkKind.STILL_FACE, 0.0, data.length_s, value=percentile)


def _other_face(figures: AnswerFigures, data: AnswerData) -> Iterator[Remark]:
    if figures.others_s >= max(OTHERS_S, OTHERS_SHARE * data.length_s):
        states = data.with_other.astype(np.float64)
        span = longest(spans_where(data.rows.time_s, data.seconds, states, least_s=0.0))
        whole_s = data.length_s
        yield Remark(RemarkKind.OTHER_FACE, span.begins_s, span.ends_s, figures.others_s, whole_s)


def _not_measured(figures: AnswerFigures, data: AnswerData) -> Iterator[Remark]:
    lost_s = (1.0 - figures.usable_share) * data.length_s
    if figures.hindrance is None or lost_s < max(LOST_S, LOST_SHARE * data.length_s):
        return
    reason = figures.hindrance.reason
    if reason is None:
        span = _longest_gap(data)
    else:
        states = (~data.rows.usable & (data.rows.reason == reason.value)).astype(np.float64)
        span = longest(spans_where(data.rows.time_s, data.seconds, states, least_s=0.0))
    yield Remark(
        RemarkKind.NOT_MEASURED, span.begins_s, span.ends_s, lost_s, data.length_s, reason=reason
    )


def _longest_gap(data: AnswerData) -> Span:
    """The longest time without any row."""
    begins = np.append(0.0, data.rows.time_s + data.seconds)
    ends = np.append(data.rows.time_s, data.length_s)
    at = int(np.argmax(ends - begins))
    return Span(float(begins[at]), float(max(begins[at], ends[at])), 0.0)


def _neutral(figures: AnswerFigures, data: AnswerData) -> Remark:
    if figures.facing_share is None:
        usable_s = figures.usable_share * figures.length_s
        return Remark(RemarkKind.MEASURED, 0.0, data.length_s, usable_s, figures.length_s)
    facing_s = figures.facing_share * figures.facing_known_s
    return Remark(RemarkKind.FACING, 0.0, data.length_s, facing_s, figures.facing_known_s)


_RULES: tuple[Callable[[AnswerFigures, AnswerData], Iterator[Remark]], ...] = (
    _looked_away,
    _long_silence,
    _late_first_word,
    _tense,
    _still,
    _other_face,
    _not_measured,
)
"""In the order of `RemarkKind`."""
