"""Classes, their learners and what these share, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from core.classroom import JoinRequest, NewClassroom, join, open_classroom
from core.domain import FER7
from core.domain.classroom import SECOND_BY_SECOND, SHARE_COLUMNS, ClassSeconds, LearnerSite, Shared

OPENED_AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
EVERYTHING = NewClassroom(
    title="Photosynthesis",
    region="elsewhere",
    purpose="classroom",
    shared=SECOND_BY_SECOND,
    is_listed=True,
    labels=FER7.labels,
    card_name="mien-compact-7",
)
IN_EUROPE = replace(
    EVERYTHING,
    region="eu-eea",
    shared=(Shared.PRESENT,),
    is_listed=False,
    labels=(),
    card_name="",
)


def opened(store, new=EVERYTHING, *, seed=0):
    """A class that was just opened, with the teacher's secret."""
    return open_classroom(store, new, now=OPENED_AT, rng=np.random.default_rng(seed))


def joined(store, classroom_id, name="Ana", *, site=LearnerSite.BROWSER, now=OPENED_AT):
    """Somebody who just joined, with the own secret."""
    return join(store, classroom_id, JoinRequest(name, site, "1"), now=now)


def seconds(rows, *, scores=7, **shares):
    """Rows of `(second, learner)`, with the same shares each; .5 where none is given."""
    count = len(rows)
    columns = {name: np.full(count, shares.get(name, 0.5), np.float32) for name in SHARE_COLUMNS}
    second, learner = np.array(rows, np.int64).reshape(count, 2).T
    of_rows = np.full((count, scores), 0.1, np.float32)
    return ClassSeconds(second, learner, **columns, scores=of_rows)


def pairs(some):
    """The second and the learner of each row."""
    return list(zip(some.second.tolist(), some.learner.tolist(), strict=True))
