"""Sentences about one answer: what could be seen, and changed. At most three."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.domain import RejectReason
from core.practice.answers.head_direction import Direction

MOST_REMARKS = 3
"""Sparse feedback is used, continuous is not (Tanveer et al. 2015)."""


class RemarkKind(StrEnum):
    """What a remark is about, in the order of importance."""

    LOOKED_AWAY = "looked_away"
    LONG_SILENCE = "long_silence"
    LATE_FIRST_WORD = "late_first_word"
    TENSION = "tension"
    STILL_FACE = "still_face"
    OTHER_FACE = "other_face"
    NOT_MEASURED = "not_measured"
    FACING = "facing"
    """A neutral fact, where nothing stands out."""
    MEASURED = "measured"
    """Likewise, where no head pose was measured."""


class Third(StrEnum):
    """A third of an answer."""

    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"


@dataclass(frozen=True)
class Remark:
    """One thing about an answer, with its figure and where to see it.

    Attributes:
        kind: what it is about.
        begins_s, ends_s: seconds of the answer to jump to.
        seconds: how long it lasted; None where `value` is the figure.
        of_s: seconds that those are of.
        value: tension in SD above the own calm face; or the share of own earlier answers in which
            the face moved less.
        direction: of a look away.
        third: in which most of it was; None where it was spread.
        reason: of time that was not measured; None where nothing recorded it.
    """

    kind: RemarkKind
    begins_s: float
    ends_s: float
    seconds: float | None = None
    of_s: float | None = None
    value: float | None = None
    direction: Direction | None = None
    third: Third | None = None
    reason: RejectReason | None = None
