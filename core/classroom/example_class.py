"""A class that a program made up: for looking at a board before the first class."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.classroom.store.classrooms import NewClassroom, OpenedClassroom, open_classroom
from core.classroom.store.flags_and_marks import add_flag, add_mark
from core.classroom.store.learners import JoinRequest, join, set_states
from core.classroom.store.seconds import append_seconds
from core.domain.classroom import (
    ClassMark,
    Classroom,
    ClassSeconds,
    Flag,
    FlagKind,
    LearnerSite,
    LearnerState,
    MarkKind,
    Shared,
)
from core.sessions import SessionStore

EXAMPLE_S = 1200
"""How long the example has gone on."""

_LEARNERS, _PAUSED = 26, 2
_DIP_S = (690, 800)  # a stretch in which many look down, and some say that they are lost
_PAUSE_S = (300, 330)  # everybody's camera is off
_LOST_S = (705, 712, 718, 731, 740, 752)
_QUESTION = "Does the oxygen come from the water, or from the carbon dioxide?"
_TOPICS = ((5.0, "What plants need"), (420.0, "Light"), (660.0, "The Calvin cycle"))

Floats = NDArray[np.float32]


def store_example(
    store: SessionStore, new: NewClassroom, *, now: datetime, rng: np.random.Generator
) -> OpenedClassroom:
    """Store a class that has gone on for `EXAMPLE_S` until now.

    Args:
        new: what it shares; its rows hold that alone.
        rng: for what learners show.
    Raises:
        StoreError: the database refuses.
    """
    began_at = now - timedelta(seconds=EXAMPLE_S)
    opened = open_classroom(store, new, now=began_at, rng=rng)
    classroom = opened.classroom
    states = {}
    for number in range(1, _LEARNERS + 1):
        request = JoinRequest(f"Learner {number}", LearnerSite.BROWSER, "example")
        learner = join(store, classroom.id, request, now=began_at).learner
        is_paused = number > _LEARNERS - _PAUSED
        states[learner.id] = LearnerState.PAUSED if is_paused else LearnerState.MEASURING
    set_states(store, states, now=now)
    append_seconds(store, classroom.id, _rows(classroom, rng))
    for flag in _flags(rng):
        add_flag(store, classroom.id, flag)
    for time_s, label in _TOPICS:
        add_mark(store, classroom.id, ClassMark(time_s, MarkKind.TOPIC, label))
    return opened


def _rows(classroom: Classroom, rng: np.random.Generator) -> ClassSeconds:
    second = np.repeat(np.arange(EXAMPLE_S), _LEARNERS)
    learner = np.tile(np.arange(1, _LEARNERS + 1), EXAMPLE_S)
    is_paused = (learner > _LEARNERS - _PAUSED) & (second > EXAMPLE_S // 2)
    is_measured = ~is_paused & ~((second >= _PAUSE_S[0]) & (second < _PAUSE_S[1]))
    second, learner = second[is_measured], learner[is_measured]
    count = len(second)
    dips = (second >= _DIP_S[0]) & (second < _DIP_S[1])
    present = _spells(second, learner, rng, away=0.03, each_s=60)
    facing = _spells(second, learner, rng, away=0.2, each_s=8)
    facing = np.where(dips & (learner % 2 > 0), np.float32(0), facing)
    ones = np.ones(count, dtype=np.float32)
    has_index = Shared.ENGAGEMENT in classroom.shared
    unknown = np.full(count, np.nan, dtype=np.float32)
    return ClassSeconds(
        second=second,
        learner=learner,
        measured=ones,
        usable=present,
        present=present,
        facing=facing if Shared.FACING in classroom.shared or has_index else unknown,
        eyes_open=_around(0.92, count, rng) if has_index else unknown,
        expression=_around(0.25, count, rng) if has_index else unknown,
        scores=_scores(second, learner, len(classroom.labels), rng),
    )


def _spells(
    second: NDArray[np.int64],
    learner: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    away: float,
    each_s: int,
) -> Floats:
    """1 or 0 for each row, the same for each spell of a learner."""
    spells = rng.random((EXAMPLE_S // each_s + 1, _LEARNERS + 1)) >= away
    return spells[second // each_s, learner].astype(np.float32)


def _around(level: float, count: int, rng: np.random.Generator) -> Floats:
    return np.clip(rng.normal(level, 0.08, count), 0, 1).astype(np.float32)


def _scores(
    second: NDArray[np.int64], learner: NDArray[np.int64], labels: int, rng: np.random.Generator
) -> Floats:
    """Of spells of 20 seconds: one label well above the others, mostly the last (neutral)."""
    if not labels:
        return np.zeros((len(second), 0), dtype=np.float32)
    weights = np.full(labels, 0.5)
    weights[-1], weights[labels // 2] = 5.0, 2.5
    top = rng.choice(labels, (EXAMPLE_S // 20 + 1, _LEARNERS + 1), p=weights / weights.sum())
    scores = np.full((len(second), labels), 0.2 / max(labels - 1, 1), dtype=np.float32)
    scores[np.arange(len(second)), top[second // 20, learner]] = 0.8
    return scores


def _flags(rng: np.random.Generator) -> list[Flag]:
    said = [Flag(number, float(at), FlagKind.LOST) for number, at in enumerate(_LOST_S, start=1)]
    for kind in (FlagKind.FINE, FlagKind.AGAIN, FlagKind.TOO_FAST):
        for time_s in rng.uniform(0, EXAMPLE_S, 6):
            said.append(Flag(int(rng.integers(7, _LEARNERS)), float(time_s), kind))
    said.append(Flag(4, EXAMPLE_S - 90.0, FlagKind.QUESTION, _QUESTION))
    said.append(Flag(9, EXAMPLE_S - 30.0, FlagKind.HAND))
    return sorted(said, key=lambda one: one.time_s)
