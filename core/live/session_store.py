"""What the recording of a session asks of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.domain import AnalysedFrame, Event, Session
from core.domain.errors import StoreError
from core.sessions import Batch, MeasuredCalibration


class Store(Protocol):
    """The part of the session store that a writer uses."""

    def begin(self, session: Session) -> None:
        """Create a session, before its first row."""
        ...

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        """Store moments and marks, all or none."""
        ...

    def append_together(
        self, batches: Sequence[Batch], *, now: datetime
    ) -> Mapping[str, StoreError]:
        """The same for several sessions at once; returns those that got nothing, and why."""
        ...

    def set_calibration(self, session_id: str, face_id: int, measured: MeasuredCalibration) -> None:
        """Store the calibration of a session's face in place of an earlier one."""
        ...

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        """Mark a session as ended."""
        ...
