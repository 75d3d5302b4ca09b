"""What a learner's analysed frames are in seconds of a class."""

from __future__ import annotations

from collections.abc import Sequence

from core.classroom.ingest.class_columns import columns_of
from core.domain import AnalysedFrame, Observation
from core.domain.classroom import Classroom, ClassSeconds, no_seconds
from core.measures import RunningParts, SecondParts
from core.vision import ConfirmationBuffer


class SecondsMeter:
    """Makes seconds of one learner's frames, as they come. Not thread-safe.

    The face is the largest confirmed one of each frame: one behind it is nobody's. What the class
    does not share is measured no further than it has to be, and is in no row.

    Args:
        classroom: the class; says what is shared.
        learner: number of the learner.
    """

    def __init__(self, classroom: Classroom, *, learner: int) -> None:
        self._classroom = classroom
        self._learner = learner
        self._confirmed = ConfirmationBuffer()
        self._parts = RunningParts(len(classroom.labels))
        self._nothing = no_seconds(len(classroom.labels))

    def add(self, moment: AnalysedFrame) -> ClassSeconds:
        """Add an analysed frame, with its tentative faces; returns the seconds that are complete,
        perhaps none: a second is, once a later frame came.

        Args:
            moment: its time is in seconds of the class, later than that of the one before.
        """
        return self._columns(self._measured(self._confirmed.add(moment)))

    def advance(self, time_s: float) -> ClassSeconds:
        """The seconds that are complete, as no frame before this time will come any more: those
        more than two seconds ago.

        Args:
            time_s: of the class.
        """
        held = self._confirmed.flush() if self._parts.is_over_at(time_s) else []
        return self._columns(self._measured(held) + self._parts.advance(time_s))

    def flush(self) -> ClassSeconds:
        """All seconds so far, at the end, or before a pause."""
        return self._columns(self._measured(self._confirmed.flush()) + self._parts.flush())

    def _measured(self, moments: Sequence[AnalysedFrame]) -> list[SecondParts]:
        return [part for one in moments for part in self._parts.add(one.time_s, _nearest(one))]

    def _columns(self, parts: Sequence[SecondParts]) -> ClassSeconds:
        if not parts:  # nearly always
            return self._nothing
        return columns_of(parts, self._learner, self._classroom.shared)


def _nearest(moment: AnalysedFrame) -> Observation | None:
    return max(moment.observations, key=lambda face: face.box.area_px, default=None)
