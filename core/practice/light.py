"""Whether a face can be read at the moment: a light that does not flicker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.domain import AnalysedFrame, Box, Observation, RejectReason

HOLDS_S = 2.0
"""So long a face has to be readable, or not, before the light changes."""


@dataclass(frozen=True)
class Light:
    """What is shown while somebody answers.

    Attributes:
        reason: why the face cannot be read; None where it can.
        several: whether several faces are in view: the largest is read.
    """

    reason: RejectReason | None = None
    several: bool = False


def light_of(moments: Sequence[AnalysedFrame], before: Light | None) -> Light | None:
    """The light now; None before the first moment.

    Args:
        moments: the newest last, of a few seconds; without any it stays as it was.
        before: what was shown until now.
    """
    if not moments:
        return before
    since_s = moments[-1].time_s - HOLDS_S
    if before is not None and moments[0].time_s > since_s:
        return before  # too soon to change it
    newest = [one for one in moments if one.time_s >= since_s]
    reasons = [_reason_of(one.observations) for one in newest]
    several = sum(len(one.observations) > 1 for one in newest) * 2 > len(newest)
    against = Counter(reason for reason in reasons if reason is not None)
    was_readable = before is None or before.reason is None
    if not against or (was_readable and against.total() < len(reasons)):
        return Light(None, several)
    return Light(against.most_common(1)[0][0], several)


def _reason_of(faces: Sequence[Observation]) -> RejectReason | None:
    """Why the largest face cannot be read; None where it can."""
    if not faces:
        return RejectReason.NO_FACE
    return max(faces, key=lambda one: _area(one.box)).quality.reason


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)
