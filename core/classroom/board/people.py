"""Learners of a class: how many, what they do, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.quantities import LearnerWindows
from core.classroom.board.shown_here import ShownHere
from core.classroom.board.view import (
    WINDOW_S,
    AskedQuestion,
    FlagMinutes,
    LearnerCounts,
    LearnerNow,
    RaisedHand,
)
from core.domain.classroom import (
    Classroom,
    Flag,
    FlagKind,
    Learner,
    LearnerSite,
    LearnerState,
    Shared,
)

SILENT_AFTER_S = 10.0
"""A device that is to measure and was not heard of for so long is silent."""

HAND_UP_S = 300.0
"""A hand is up for so long, unless its learner presses Fine before."""


def is_silent(learner: Learner, now: datetime) -> bool:
    """Whether a learner's device should measure, and was not heard of lately."""
    measures = learner.state is LearnerState.MEASURING and learner.site is not LearnerSite.NOWHERE
    return measures and (now - learner.seen_at).total_seconds() > SILENT_AFTER_S


def learner_counts(learners: Sequence[Learner], now: datetime) -> LearnerCounts:
    """Learners by what their devices do."""
    with_camera = [
        one
        for one in learners
        if one.site is not LearnerSite.NOWHERE or one.state is LearnerState.LEFT
    ]
    silent = [one for one in with_camera if is_silent(one, now)]
    states = [one.state for one in with_camera if one not in silent]
    return LearnerCounts(
        joined=len(learners),
        measuring=states.count(LearnerState.MEASURING),
        paused=states.count(LearnerState.PAUSED),
        hidden=states.count(LearnerState.HIDDEN),
        no_camera=states.count(LearnerState.NO_CAMERA),
        left=states.count(LearnerState.LEFT),
        silent=len(silent),
        flags_only=len(learners) - len(with_camera),
    )


def joined_by_window(
    learners: Sequence[Learner], classroom: Classroom, start_s: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Learners who had joined by the end of each window and not left before it, int64 `(w,)`."""
    came = sorted(classroom.second_at(one.consent_at) for one in learners)
    left = sorted(
        classroom.second_at(one.seen_at) for one in learners if one.state is LearnerState.LEFT
    )
    by_end = np.searchsorted(np.array(came), start_s + WINDOW_S, side="left")
    before = np.searchsorted(np.array(left), start_s, side="left")
    return np.asarray(by_end - before, dtype=np.int64)


def flag_minutes(flags: Sequence[Flag], at_s: int) -> FlagMinutes:
    """Flags by minute of the class up to now."""
    times_s = {
        kind: np.array(sorted(one.time_s for one in flags if one.kind is kind)) for kind in FlagKind
    }
    minutes = max([at_s // 60, *(int(one.time_s // 60) for one in flags)]) + 1
    by_kind = {
        kind: np.bincount(times.astype(np.int64) // 60, minlength=minutes)
        for kind, times in times_s.items()
    }
    return FlagMinutes(by_kind, times_s)


def raised_hands(
    flags: Sequence[Flag], learners: Sequence[Learner], at_s: float
) -> tuple[RaisedHand, ...]:
    """Hands that are up, longest first."""
    names = {one.number: one.name for one in learners}
    up: dict[int, float] = {}
    for flag in sorted(flags, key=lambda one: one.time_s):
        if flag.kind is FlagKind.HAND:
            if flag.time_s - up.get(flag.learner, -HAND_UP_S) >= HAND_UP_S:
                up.pop(flag.learner, None)
            up.setdefault(flag.learner, flag.time_s)
        elif flag.kind is FlagKind.FINE:
            up.pop(flag.learner, None)
    return tuple(
        RaisedHand(learner, names[learner], since_s)
        for learner, since_s in sorted(up.items(), key=lambda one: one[1])
        if learner in names and at_s - since_s <= HAND_UP_S
    )


def asked_questions(
    flags: Sequence[Flag], learners: Sequence[Learner]
) -> tuple[AskedQuestion, ...]:
    """All questions, newest first."""
    names = {one.number: one.name for one in learners}
    asked = [one for one in flags if one.kind is FlagKind.QUESTION and one.learner in names]
    return tuple(
        AskedQuestion(one.learner, names[one.learner], one.time_s, one.words)
        for one in sorted(asked, key=lambda one: one.time_s, reverse=True)
    )


def learners_now(
    learners: Sequence[Learner], of: LearnerWindows, shown: ShownHere, now: datetime
) -> tuple[LearnerNow, ...]:
    """Each learner in the last seconds, by number.

    Args:
        of: the learners in one window, which is the last one.
    """
    return tuple(_learner_now(one, of, shown, is_silent(one, now)) for one in learners)


def _learner_now(
    learner: Learner, of: LearnerWindows, shown: ShownHere, silent: bool
) -> LearnerNow:
    at = learner.number - 1
    known = frozenset[Shared]()
    if at < of.measured.shape[1]:
        known = shown.listed if of.usable[0, at] else shown.listed & {Shared.PRESENT}
    return LearnerNow(
        number=learner.number,
        name=learner.name,
        site=learner.site,
        state=learner.state,
        is_silent=silent,
        present=_finite(of.shares["present"][0, at]) if Shared.PRESENT in known else None,
        facing=_finite(of.shares["facing"][0, at]) if Shared.FACING in known else None,
        index=_finite(of.index[0, at]) if Shared.ENGAGEMENT in known else None,
        expression=_label(of, shown, at) if Shared.EXPRESSIONS in known else None,
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _label(of: LearnerWindows, shown: ShownHere, at: int) -> str | None:
    place = -1 if of.label is None else int(of.label[0, at])
    return None if place < 0 else shown.labels[place]
