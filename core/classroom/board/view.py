"""What a teacher's board shows: values only, as `Board.refresh` gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.alerts import Alert, Dip
from core.classroom.store.losses import LOSS_WINDOW_S
from core.domain.classroom import (
    ClassMark,
    FlagKind,
    LearnerSite,
    LearnerState,
    RoomSecond,
    Shared,
)
from core.measures import PARTS, WeightSensitivity

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

WINDOW_S = LOSS_WINDOW_S
"""Windows of the board follow one another from 0 s of the class."""

PRESENT, FACING, INDEX = "present", "facing", "index"
"""Names of figures in `BoardView.now` and `BoardView.series`."""

PART_FIGURES: Mapping[str, str] = {part: f"mean_{part}" for part in PARTS}
"""Part of the index -> name of the figure that is its mean."""


class Withheld(StrEnum):
    """Why there is no figure."""

    NOT_MEASURED = "not_measured"
    """Of nobody enough was measured, which is not "away"."""
    TOO_FEW = "too_few"
    """It would be of fewer learners than the smallest group."""
    ONE_CHANGED = "one_changed"
    """Its group differs by one learner from that of a figure shown within a minute: together, the
    two would tell of this one."""
    ONE_LEFT = "one_left"
    """One learner withdrew whose seconds were in it: it waits until two have."""


@dataclass(frozen=True)
class Figure:
    """One figure of one window, with its 95 % interval.

    Attributes:
        n: learners of whom it is, or would be.
        value, low, high: a fraction in [0, 1], of the index 0 to 100; None where withheld.
        withheld: why there is no value; None where there is one.
    """

    n: int
    value: float | None
    low: float | None
    high: float | None
    withheld: Withheld | None


@dataclass(frozen=True, eq=False)
class FigureSeries:
    """One figure over the windows of `BoardView.windows`.

    Attributes:
        n: int64 `(w,)`, learners of whom it is, or would be.
        value, low, high: float64 `(w,)`; NaN where withheld. Units as of `Figure`.
        withheld: `(w,)`, why there is no value; None where there is one.
    """

    n: Counts
    value: Floats
    low: Floats
    high: Floats
    withheld: tuple[Withheld | None, ...]

    def at(self, index: int) -> Figure:
        """The figure of one window."""
        why = self.withheld[index]
        if why is not None:
            return Figure(int(self.n[index]), None, None, None, why)
        value, low, high = (float(one[index]) for one in (self.value, self.low, self.high))
        return Figure(int(self.n[index]), value, low, high, None)


@dataclass(frozen=True, eq=False)
class ClassWindows:
    """How many learners each window of `WINDOW_S` seconds was measured of; each int64 `(w,)`.

    Attributes:
        start_s: seconds of the class, ascending by `WINDOW_S` from 0, without holes.
        joined: learners who had joined by its end and had not left before it.
        measured: of them, those of whom at least 60 % of it was measured. The others are "not
            measured", a band of its own: never "away".
        usable: of the measured, those with a usable face in at least 60 % of it.
    """

    start_s: Counts
    joined: Counts
    measured: Counts
    usable: Counts

    def __len__(self) -> int:
        return len(self.start_s)

    @property
    def not_measured(self) -> Counts:
        """Learners who had joined and were not measured."""
        return np.asarray(np.maximum(self.joined - self.measured, 0))


@dataclass(frozen=True)
class LearnerCounts:
    """Learners by what their devices do, now.

    Attributes:
        joined: all who joined, without those who withdrew.
        measuring, paused, hidden, no_camera, left: by `LearnerState`, without the others below.
        silent: said to be measuring, but nothing came for
            `core.classroom.board.people.SILENT_AFTER_S`.
        flags_only: take part without a camera.
    """

    joined: int
    measuring: int
    paused: int
    hidden: int
    no_camera: int
    left: int
    silent: int
    flags_only: int


@dataclass(frozen=True, eq=False)
class FlagMinutes:
    """Flags by minute of the class, from minute 0, without holes.

    Attributes:
        by_kind: int64 `(m,)`, presses of each kind.
        times_s: float64 `(k,)`, when each kind was pressed, ascending, in seconds of the class.
    """

    by_kind: Mapping[FlagKind, Counts]
    times_s: Mapping[FlagKind, Floats]


@dataclass(frozen=True)
class RaisedHand:
    """A hand that is up (`core.classroom.board.people.HAND_UP_S`).

    Attributes:
        learner: number.
        name: of the learner's own choosing, or a pseudonym.
        since_s: seconds of the class.
    """

    learner: int
    name: str
    since_s: float


@dataclass(frozen=True)
class AskedQuestion:
    """A question in words, to the teacher only.

    Attributes:
        learner: number.
        name: of the learner's own choosing: to be escaped.
        time_s: seconds of the class.
        words: as the learner wrote them: to be escaped.
    """

    learner: int
    name: str
    time_s: float
    words: str


@dataclass(frozen=True)
class LearnerNow:
    """One learner; figures are of the last `WINDOW_S` seconds, and None without a list.

    Attributes:
        number: of the learner.
        name: of the learner's own choosing: to be escaped.
        site, state: where faces are read, and what the device does.
        is_silent: said to be measuring, but nothing came lately.
        present: share of the measured time with a face in view; None where under 60 % was measured.
        facing: share facing the screen; None where under 60 % was usable, or not to be shown of
            one learner.
        index: engagement index, 0 to 100; None likewise.
        expression: label shown, or `core.measures.NOT_SURE`; None likewise.
    """

    number: int
    name: str
    site: LearnerSite
    state: LearnerState
    is_silent: bool
    present: float | None
    facing: float | None
    index: float | None
    expression: str | None


@dataclass(frozen=True, eq=False)
class BoardView:
    """A class as its teacher sees it at one moment.

    A figure that the class does not share, or that policy does not allow here, has no key at all
    in `now`, `series`, `mix_now`, `mix` and `dips`.

    Attributes:
        at_s: seconds of the class; of a closed one, its length.
        is_open: whether learners may share.
        shared: what learners share and policy allows here.
        listed: figures that `learners` have one by one; empty without a list.
        smallest_group: the least learners that a figure of a group covers; 1 where each is listed
            with all figures.
        counts: learners by what their devices do.
        windows: of whom how much was measured, window by window; complete ones only.
        series: `PRESENT` (share of measured learners), `FACING` (share of usable ones), `INDEX`
            and `PART_FIGURES` (means over usable ones) -> its values in `windows`.
        mix: label, `core.measures.NOT_SURE` last -> share of usable learners by window.
        now: as `series`, of the last `WINDOW_S` seconds; empty once the class is closed.
        mix_now: as `mix`, likewise.
        sensitivity: how often the verdict of the index flips when a weight moves; None without
            an index. Its `sentence` is to be shown with the index.
        flags: by minute.
        hands: that are up, longest first.
        questions: all of them, newest first.
        dips: figure -> when it dipped, in order.
        alerts: that hold now, oldest first.
        marks: slides and topics, in order.
        room: seconds of the room camera, in order; empty where heads are not to be shown.
        learners: by number, with name and state.
    """

    at_s: int
    is_open: bool
    shared: tuple[Shared, ...]
    listed: frozenset[Shared]
    smallest_group: int
    counts: LearnerCounts
    windows: ClassWindows
    series: Mapping[str, FigureSeries]
    mix: Mapping[str, FigureSeries]
    now: Mapping[str, Figure]
    mix_now: Mapping[str, Figure]
    sensitivity: WeightSensitivity | None
    flags: FlagMinutes
    hands: tuple[RaisedHand, ...]
    questions: tuple[AskedQuestion, ...]
    dips: Mapping[str, tuple[Dip, ...]]
    alerts: tuple[Alert, ...]
    marks: tuple[ClassMark, ...]
    room: tuple[RoomSecond, ...]
    learners: tuple[LearnerNow, ...]
