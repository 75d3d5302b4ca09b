"""Streaming expressiveness: the same numbers that stored rows give afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.domain import FacialMovement, Observation
from core.domain.changed import changed
from core.measures.calibration import Calibration
from core.measures.durations import MAX_GAP_S
from core.measures.signals.expressiveness import NOBODY, at_rest_of
from core.measures.signals.expressiveness_meter import (
    EXPIRES_AFTER_S,
    JAW,
    ExpressivenessMeter,
    second_of,
)
from core.measures.signals.expressiveness_norm import COUNTED, COUNTED_AT


@dataclass
class _Face:
    """One face's meter, and sums over the current second."""

    meter: ExpressivenessMeter
    calibration: Calibration | None = None
    weight_s: float = 0.0
    shapes: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(COUNTED)))
    jaw_squares: float = 0.0
    reading: FacialMovement | None = None

    def add(self, seen: Observation, duration_s: float) -> None:
        """Add a row to the current second."""
        if seen.blendshapes is None or not seen.quality.usable:
            return
        shapes = seen.blendshapes[COUNTED_AT].astype(np.float64)
        self.weight_s += duration_s
        self.shapes += duration_s * shapes
        self.jaw_squares += duration_s * float(shapes[JAW]) ** 2

    def compare_with(self, calibration: Calibration | None) -> None:
        """Use a calibration, if it is another than before."""
        if calibration is not self.calibration:
            self.calibration = calibration
            self.meter.compare_with(at_rest_of(calibration))

    def close(self) -> None:
        """End the current second."""
        self.meter.add(second_of(self.weight_s, self.shapes, self.jaw_squares))
        self.weight_s, self.shapes, self.jaw_squares = 0.0, np.zeros(len(COUNTED)), 0.0


class RunningExpressiveness:
    """All faces of one stream. The meter of a face that left expires after a while."""

    def __init__(self) -> None:
        self._faces: dict[int, _Face] = {}
        self._before: tuple[float, Sequence[Observation]] | None = None
        self._second = 0

    def update(
        self,
        time_s: float,
        observations: Sequence[Observation],
        calibrations: Mapping[int, Calibration] = NOBODY,
    ) -> tuple[Observation, ...]:
        """The same observations, with the movement in the ten seconds before.

        Args:
            time_s: never decreases.
            calibrations: by numbers of faces, as known by now.
        """
        if self._before is not None:
            before_s, rows = self._before
            duration_s = min(time_s - before_s, MAX_GAP_S)
            for seen in rows:
                self._faces[seen.track_id].add(seen, duration_s)
        self._close_until(math.floor(time_s))
        for seen in observations:
            if seen.track_id not in self._faces:
                self._faces[seen.track_id] = _Face(ExpressivenessMeter(self._second))
            self._faces[seen.track_id].compare_with(calibrations.get(seen.track_id))
        self._before = (time_s, observations)
        return tuple(
            changed(seen, movement=self._faces[seen.track_id].reading) for seen in observations
        )

    def _close_until(self, second: int) -> None:
        if second == self._second:
            return
        if second - self._second > EXPIRES_AFTER_S + 1:
            self._faces.clear()
        for face in self._faces.values():
            for _ in range(second - self._second):
                face.close()
        self._second = second
        self._faces = {
            number: face for number, face in self._faces.items() if not face.meter.is_expired
        }
        for face in self._faces.values():
            face.reading = face.meter.reading()
