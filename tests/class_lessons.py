"""A lesson with dips, flags, marks and hostile words, for tests."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from core.classroom import (
    add_flag,
    add_mark,
    append_room_seconds,
    append_seconds,
    close_classroom,
    set_states,
)
from core.classroom import classroom as classroom_now
from core.classroom.board import Board
from core.domain.classroom import (
    ClassMark,
    ClassSeconds,
    Flag,
    FlagKind,
    LearnerState,
    MarkKind,
    RoomSecond,
)
from tests.classes import EVERYTHING, OPENED_AT, joined, opened

SCRIPT = "<script>alert(1)</script> & 'quoted'"
FORMULA = '=HYPERLINK("http://example.invalid","a")'


def made_seconds(*, learners, seconds, labels, dip=(0, 0)):
    """Learners who mostly face the screen, and turn away in a dip."""
    rng = np.random.default_rng(5)
    second = np.repeat(np.arange(seconds), learners)
    learner = np.tile(np.arange(1, learners + 1), seconds)
    n = len(second)
    in_dip = (second >= dip[0]) & (second < dip[1])
    facing = np.where(in_dip, 0.0, (rng.random(n) < 0.95).astype(float))
    columns = [np.ones(n), np.full(n, 0.95), np.ones(n), facing, rng.uniform(0.6, 1, n)]
    columns += [rng.uniform(0.1, 0.5, n)]
    scores = rng.dirichlet(np.ones(labels), n) if labels else np.zeros((n, 0))
    shares = (one.astype(np.float32) for one in (*columns, scores))
    return ClassSeconds(second.astype(np.int64), learner.astype(np.int64), *shares)


def taught(store, new=EVERYTHING, *, learners=8, seconds=720, marks=(), closed=True, seed=0):
    """A class that was taught: `dip` from 300 to 420 s, flags in it, marks, questions."""
    room = opened(store, new, seed=seed).classroom
    for number in range(1, learners + 1):
        learner = joined(store, room.id, FORMULA if number == 1 else f"Learner {number}").learner
        set_states(store, {learner.id: LearnerState.MEASURING}, now=OPENED_AT)
    rows = made_seconds(learners=learners, seconds=seconds, labels=len(room.labels), dip=(300, 420))
    append_seconds(store, room.id, rows)
    for time_s, who, kind in ((310.0, 1, FlagKind.LOST), (330.0, 2, FlagKind.TOO_FAST)):
        add_flag(store, room.id, Flag(who, time_s, kind))
    add_flag(store, room.id, Flag(3, 100.0, FlagKind.QUESTION, FORMULA))
    add_flag(store, room.id, Flag(4, 50.0, FlagKind.QUESTION, SCRIPT))
    append_room_seconds(store, room.id, [RoomSecond(1, 8, 8, 6, ())])
    for mark in marks:
        add_mark(store, room.id, mark)
    if closed:
        close_classroom(store, room.id, now=OPENED_AT + timedelta(seconds=seconds))
    return classroom_now(store, room.id)


MARKS = (
    ClassMark(60.0, MarkKind.SLIDE),
    ClassMark(305.0, MarkKind.SLIDE, FORMULA),
    ClassMark(500.0, MarkKind.TOPIC, SCRIPT),
)


def viewed(store, room, rules, *, seconds=720):
    """Its board, when it was over."""
    return Board(store, room.id, rules).refresh(OPENED_AT + timedelta(seconds=seconds + 10))
