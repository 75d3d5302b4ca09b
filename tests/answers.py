"""Answers made by code: stored rows of one person, and attempts over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.domain import FER7, RejectReason, Timeline
from core.domain.practice import Attempt, AttemptPart
from core.measures import Calibration
from core.practice.answers.answer_data import AnswerData, RecordedSession, data_of_parts
from core.sessions import demo_calibration, demo_session
from tests.make import BEGAN_AT

SESSION = "2026-11-21-1200-calm-otter"


def make_attempt(*parts: AttemptPart, with_sound: bool = False) -> Attempt:
    """The first try at the first question."""
    return Attempt(
        id="a-1",
        practice_id="p-1",
        question_index=0,
        number=1,
        began_at=BEGAN_AT,
        parts=parts,
        with_sound=with_sound,
    )


def part(begins_s: float, ends_s: float | None, *, offset_s: float = 0.0) -> AttemptPart:
    """A part of the session."""
    return AttemptPart(SESSION, offset_s, begins_s, ends_s)


def answer_of(
    timeline: Timeline,
    calibration: Calibration | None = None,
    *,
    length_s: float | None = None,
) -> AnswerData:
    """A whole session as an answer; until a step after its last row unless a length is given."""
    steps = np.diff(np.unique(timeline.time_s))
    until_s = timeline.time_s[-1] + np.median(steps) if length_s is None else length_s
    return answer_of_parts(timeline, calibration, part(0.0, float(until_s)))


def answer_of_parts(
    timeline: Timeline, calibration: Calibration | None, *parts: AttemptPart
) -> AnswerData:
    """Parts of one session as an answer; its face 1 has that calibration."""
    own = {} if calibration is None else {1: calibration}
    return data_of_parts(make_attempt(*parts), {SESSION: RecordedSession(timeline, own)})


def demo_rows() -> tuple[Timeline, Calibration]:
    """The synthetic session of the app, and the calibration of its first face."""
    session, moments = demo_session(BEGAN_AT, np.random.default_rng(0))

    assert session.scheme_name == FER7.name
    return (
        Timeline.from_frames(FER7, moments),
        demo_calibration(BEGAN_AT).calibration,
    )


def shifted(timeline: Timeline, by_s: float) -> Timeline:
    """The same rows later in their session."""
    return replace(timeline, time_s=timeline.time_s + by_s)


def unusable(timeline: Timeline, begins_s: float, ends_s: float, reason: RejectReason) -> Timeline:
    """The same rows, of which some were not usable; head poses stay."""
    lost = (timeline.time_s >= begins_s) & (timeline.time_s < ends_s)
    emptied = {
        name: np.array(getattr(timeline, name), copy=True)
        for name in ("blendshapes", "eyes_open", "lip_gap", "scores", "steady")
    }
    for column in emptied.values():
        column[lost] = np.nan
    return replace(
        timeline,
        usable=timeline.usable & ~lost,
        reason=np.where(lost, reason.value, timeline.reason),
        **emptied,
    )
