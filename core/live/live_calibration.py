"""The calibrations of a session that runs: steered by the screen, fed by the camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from core.domain import AnalysedFrame, LabelScheme
from core.live.calibration_result import CalibrationProblem, result_of
from core.live.calibration_run import CalibrationProgress, CalibrationRun, CalibrationStep
from core.measures import Calibration
from core.sessions import MeasuredCalibration


@dataclass(frozen=True)
class CalibrationState:
    """What the screen shows of it.

    Attributes:
        progress: of the steps; None before they began, and after they were stopped.
        problems: with the parts that the steps should have given, and did not.
        face_id: the face that was last in view alone; None before.
        by_face: number of a face -> its calibration, the newest last.
        all_skipped: whether the steps ended without a part, as each had a step skipped.
    """

    progress: CalibrationProgress | None = None
    problems: tuple[CalibrationProblem, ...] = ()
    face_id: int | None = None
    by_face: Mapping[int, MeasuredCalibration] = field(default_factory=dict)
    all_skipped: bool = False

    @property
    def measured(self) -> MeasuredCalibration | None:
        """The calibration of the face that was last in view alone; None without one."""
        return None if self.face_id is None else self.by_face.get(self.face_id)

    @property
    def of_another_face(self) -> MeasuredCalibration | None:
        """The newest of another face, where this one has none: perhaps it is the same person, who
        came back under a new number.
        """
        if self.face_id is None or self.face_id in self.by_face:
            return None
        return next(reversed(list(self.by_face.values())), None)


class LiveCalibration:
    """Thread-safe: the camera's thread adds moments, others steer.

    Args:
        scheme: of the moments' scores.
        now: the time, aware, UTC.
    """

    def __init__(self, scheme: LabelScheme, now: Callable[[], datetime]) -> None:
        self._scheme, self._now = scheme, now
        self._lock = Lock()
        self._run: CalibrationRun | None = None
        self._problems: tuple[CalibrationProblem, ...] = ()
        self._all_skipped = False
        self._face_id: int | None = None
        self._by_face: dict[int, MeasuredCalibration] = {}
        self._unstored: dict[int, MeasuredCalibration] = {}
        self._next: MeasuredCalibration | None = None  # of the next face that is in view alone

    def begin(self) -> None:
        """Begin the steps, from the first. Until the last is over, an earlier calibration stays."""
        with self._lock:
            self._run, self._problems, self._all_skipped = CalibrationRun(), (), False

    def redo(self, *steps: CalibrationStep) -> None:
        """Begin steps again, also when it is over; none for the current one."""
        with self._lock:
            if self._run is not None:
                self._run.redo(*steps)
                self._problems = ()

    def skip(self) -> None:
        """Leave out the current step."""
        with self._lock:
            if self._run is not None and not self._run.is_over:
                self._run.skip()
                self._finish()

    def stop(self) -> None:
        """End the steps; what they gave is forgotten, and an earlier calibration stays."""
        with self._lock:
            self._run, self._problems, self._all_skipped = None, (), False

    def use(self, measured: MeasuredCalibration) -> None:
        """Use a calibration that was measured before for the face in view; with none or several in
        view, for the one that is next alone.
        """
        with self._lock:
            self._run, self._problems, self._next = None, (), measured
            self._all_skipped = False

    def add(self, moment: AnalysedFrame) -> None:
        """Add an analysed moment, without tentative faces."""
        with self._lock:
            if len(moment.observations) == 1:
                self._face_id = moment.observations[0].track_id
                if self._next is not None:
                    self._set(self._face_id, self._next)
                    self._next = None
            if self._run is not None and not self._run.is_over:
                self._run.add(moment)
                self._finish()

    def take_unstored(self) -> dict[int, MeasuredCalibration]:
        """The calibrations that are new since this was asked last, by face."""
        with self._lock:
            new, self._unstored = self._unstored, {}
            return new

    def state(self) -> CalibrationState:
        """A copy for the screen."""
        with self._lock:
            progress = None if self._run is None else self._run.progress()
            return CalibrationState(
                progress, self._problems, self._face_id, dict(self._by_face), self._all_skipped
            )

    def _finish(self) -> None:
        """Measure, if that was the last step. The lock is held."""
        if self._run is None or not self._run.is_over:
            return
        found, self._problems = result_of(self._run.rows(self._scheme))
        if found != Calibration():
            self._set(self._run.face_id, MeasuredCalibration(found, self._now()))
        elif not self._problems:
            self._run, self._all_skipped = None, True

    def _set(self, face_id: int, measured: MeasuredCalibration) -> None:
        self._by_face.pop(face_id, None)  # so that it is the newest
        self._by_face[face_id] = self._unstored[face_id] = measured
