"""A class: who takes part, what they share second by second, and what they say themselves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

CODE_LENGTH = 6
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are read as one another; `CODE_LENGTH` of them are 30 bits."""

MAX_LEARNERS = 1000
MAX_TITLE_LENGTH, MAX_NAME_LENGTH = 120, 40
MAX_QUESTION_LENGTH, MAX_MARK_LENGTH = 280, 80


class Shared(StrEnum):
    """What learners of a class may share; their flags always are."""

    PRESENT = "present"  # whether a face is before the camera
    FACING = "facing"  # whether the head points towards the screen
    ENGAGEMENT = "engagement"  # the index and its parts: also eyes open, change of expression
    EXPRESSIONS = "expressions"  # the expressions shown, as a model scores them
    ROWS = "rows"  # every reading of a browser, as a session of a study


SECOND_BY_SECOND = tuple(one for one in Shared if one is not Shared.ROWS)  # seen on boards


class LearnerSite(StrEnum):
    """Where the faces of a learner are read."""

    BROWSER = "browser"  # in the own browser: only numbers leave it
    SERVER = "server"  # the picture is sent, analysed in memory and not stored
    NOWHERE = "nowhere"  # without a camera: flags only


class LearnerState(StrEnum):
    """What a learner's device does."""

    MEASURING = "measuring"
    PAUSED = "paused"  # the learner pressed Pause
    HIDDEN = "hidden"  # the tab is hidden, and this browser cannot read then
    NO_CAMERA = "no_camera"  # there is none, or it gives no picture
    LEFT = "left"  # the learner left; coming back is possible


class FlagKind(StrEnum):
    """What a learner says by pressing a button."""

    LOST = "lost"
    TOO_FAST = "too_fast"
    AGAIN = "again"
    FINE = "fine"
    HAND = "hand"  # a raised hand
    QUESTION = "question"  # in words, to the teacher only


class MarkKind(StrEnum):
    """What the teacher marks."""

    SLIDE = "slide"
    TOPIC = "topic"


@dataclass(frozen=True)
class Classroom:
    """A class that was opened.

    Attributes:
        id: sortable and unique, as that of a session.
        code: that learners type, of `CODE_ALPHABET`.
        title: as the teacher wrote it.
        region, purpose: of the installation when it was opened (values of `core.policy`).
        shared: what learners are asked to share, in the order of `Shared`.
        is_listed: whether the teacher sees each learner's own figures; otherwise only those of
            groups.
        labels, card_name: of the scores, and of their model; empty without expressions.
        opened_at: aware, UTC; seconds of the class count from here.
        closed_at: aware, UTC; None while it is open.
    """

    id: str
    code: str
    title: str
    region: str
    purpose: str
    shared: tuple[Shared, ...]
    is_listed: bool
    labels: tuple[str, ...]
    card_name: str
    opened_at: datetime
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        if len(self.code) != CODE_LENGTH or not set(self.code) <= set(CODE_ALPHABET):
            raise ValueError(f"a code has {CODE_LENGTH} of {CODE_ALPHABET}, got {self.code!r}")
        if not 0 < len(self.title.strip()) <= MAX_TITLE_LENGTH or not _is_one_line(self.title):
            raise ValueError(f"a title is one line of 1 to {MAX_TITLE_LENGTH} characters")
        if Shared.PRESENT not in self.shared or len(set(self.shared)) != len(self.shared):
            raise ValueError(f"presence is shared, and nothing twice, got {self.shared}")
        if bool(self.labels) != (Shared.EXPRESSIONS in self.shared):
            raise ValueError("a class has labels where expressions are shared, and only there")
        if Shared.ROWS in self.shared and len(self.shared) < len(Shared):
            raise ValueError("rows hold everything, so all of it is shared where they are")

    @property
    def is_open(self) -> bool:
        """Whether learners may join and share."""
        return self.closed_at is None

    @property
    def began_at(self) -> datetime:
        """When it was opened: its retention period counts from here."""
        return self.opened_at

    def second_at(self, when: datetime) -> float:
        """Seconds of the class at a time of day; below 0 before it was opened."""
        return (when - self.opened_at).total_seconds()


@dataclass(frozen=True)
class Learner:
    """Somebody who joined a class.

    Attributes:
        id: unique.
        classroom_id: of the class.
        number: within the class, from 1: names the rows.
        name: of the learner's own choosing, or a pseudonym.
        site: where faces are read.
        consent_at: aware, UTC: when the learner agreed.
        notice_version: of what was agreed to.
        state: what the device does, as it told last.
        seen_at: aware, UTC: when anything came last.
    """

    id: str
    classroom_id: str
    number: int
    name: str
    site: LearnerSite
    consent_at: datetime
    notice_version: str
    state: LearnerState
    seen_at: datetime

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MAX_LEARNERS:
            raise ValueError(f"a class has learners 1 to {MAX_LEARNERS}, got {self.number}")
        if not 0 < len(self.name.strip()) <= MAX_NAME_LENGTH or not _is_one_line(self.name):
            raise ValueError(f"a name is one line of 1 to {MAX_NAME_LENGTH} characters")


@dataclass(frozen=True)
class Flag:
    """What a learner said.

    Attributes:
        learner: number of the learner.
        time_s: seconds of the class.
        kind: which button.
        words: of a question; empty for all others.
    """

    learner: int
    time_s: float
    kind: FlagKind
    words: str = ""

    def __post_init__(self) -> None:
        _expect_time(self.time_s)
        if (self.kind is FlagKind.QUESTION) != bool(self.words.strip()):
            raise ValueError("a question has words, and no other flag has")
        if len(self.words) > MAX_QUESTION_LENGTH:
            raise ValueError(f"a question has at most {MAX_QUESTION_LENGTH} characters")


@dataclass(frozen=True)
class ClassMark:
    """Where a slide or a topic begins.

    Attributes:
        time_s: seconds of the class.
        kind: of the mark.
        label: as the teacher wrote it; empty for a slide that is only counted.
    """

    time_s: float
    kind: MarkKind
    label: str = ""

    def __post_init__(self) -> None:
        _expect_time(self.time_s)
        if len(self.label) > MAX_MARK_LENGTH or not _is_one_line(self.label):
            raise ValueError(f"a mark is one line of at most {MAX_MARK_LENGTH} characters")


@dataclass(frozen=True)
class RoomSecond:
    """What one camera that faces a group saw in a second: counts, no faces.

    Attributes:
        second: of the class.
        heads: found in it.
        known: of them, those whose direction is known.
        towards: of those, those that point towards the front.
        seats: `(heads, known, towards)` of each region of the picture, row by row.
    """

    second: int
    heads: int
    known: int
    towards: int
    seats: tuple[tuple[int, int, int], ...]

    def __post_init__(self) -> None:
        for heads, known, towards in ((self.heads, self.known, self.towards), *self.seats):
            if not 0 <= towards <= known <= heads:
                raise ValueError(f"of {heads} heads, {known} cannot be known, and {towards} turned")


@dataclass(frozen=True, eq=False)
class ClassSeconds:
    """What learners shared, one row for each learner and second; NaN where not measured or not
    shared. A second of a learner without a row was not measured, which is not "away".

    Attributes:
        second, learner: int64 `(n,)`: which second of the class, from 0, and whose.
        measured: float32 `(n,)`, share of the second that was analysed, in (0, 1].
        usable, present: float32 `(n,)`, share of the analysed time with a face usable, and in view.
        facing: float32 `(n,)`, of the time with a known head pose, the share facing the screen.
        eyes_open: float32 `(n,)`, of the usable time, the share with open eyes.
        expression: float32 `(n,)`, change of expression above the face at rest, in [0, 1].
        scores: float32 `(n, k)`, mean smoothed scores of the usable time, of `Classroom.labels`.
    """

    second: NDArray[np.int64]
    learner: NDArray[np.int64]
    measured: NDArray[np.float32]
    usable: NDArray[np.float32]
    present: NDArray[np.float32]
    facing: NDArray[np.float32]
    eyes_open: NDArray[np.float32]
    expression: NDArray[np.float32]
    scores: NDArray[np.float32]

    def __post_init__(self) -> None:
        for name in SHARE_COLUMNS:
            column = getattr(self, name)
            if column.shape != self.second.shape:
                raise ValueError(f"{name} has another length than second")
            known = column[~np.isnan(column)]
            if not ((known >= 0) & (known <= 1)).all():
                raise ValueError(f"{name} is a share, in [0, 1]")
        if self.learner.shape != self.second.shape or len(self.scores) != len(self.second):
            raise ValueError("every column has a row for each second")

    def __len__(self) -> int:
        return len(self.second)

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> ClassSeconds:
        """Some of the rows, by a mask or by their places."""
        return ClassSeconds(**{name: column[chosen] for name, column in vars(self).items()})


SHARE_COLUMNS = ("measured", "usable", "present", "facing", "eyes_open", "expression")
"""Columns of `ClassSeconds` with one share for each row."""


def joined_seconds(parts: Sequence[ClassSeconds], scores: int) -> ClassSeconds:
    """Rows of several parts, perhaps of none, one after another; each has so many scores."""
    if len(parts) == 1:
        return parts[0]
    whole = [no_seconds(scores), *parts]
    return ClassSeconds(
        **{name: np.concatenate([vars(one)[name] for one in whole]) for name in vars(whole[0])}
    )


def no_seconds(scores: int) -> ClassSeconds:
    """No row; if there were one, it would have so many scores."""
    numbers = np.zeros(0, np.int64)
    shares = {name: np.zeros(0, np.float32) for name in SHARE_COLUMNS}
    return ClassSeconds(numbers, numbers, **shares, scores=np.zeros((0, scores), np.float32))


def _expect_time(time_s: float) -> None:
    if not 0 <= time_s < math.inf:
        raise ValueError(f"a time of the class is 0 s or later, got {time_s}")


def _is_one_line(text: str) -> bool:
    return len(text.splitlines()) <= 1
