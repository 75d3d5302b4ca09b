"""The parts of the engagement index second by second, as rows come: what a class keeps of a face.

Averaged over ten seconds they are the parts that `measure_engagement` gives for the same rows:
`present` by `measured`, `facing` by the time in view, the others by the usable time. They differ
where a state is not known for a part of a second, by that part of one second in ten.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Observation
from core.domain.blendshapes import BLENDSHAPES
from core.measures.durations import MAX_GAP_S
from core.measures.signals.engagement import expression_change
from core.measures.signals.eyes import lids_closed, open_eyes
from core.measures.signals.facing import OFF_AFTER_S, ON_AFTER_S, facing
from core.measures.windows import LONGEST_ROW, USUAL_OF, RunningHeld

Floats = NDArray[np.float64]

OVER_AFTER_S = 2.0
"""A face of which nothing came for so long is not measured any more."""

_PARTS = 5  # columns before the scores: present, usable, facing, open eyes, expression


@dataclass(frozen=True, eq=False)
class SecondParts:
    """What was measured of a face in one second; the parts are NaN where not known.

    Attributes:
        second: the whole second that begins there.
        measured: share of it that was analysed, in (0, 1].
        usable, present: share of the analysed time with a usable face, and with a face in view.
        facing: of the time with a known head pose, the share facing the screen, held.
        eyes_open: of the usable time, the share with open eyes.
        expression: activity above the face at rest, in [0, 1].
        scores: float64 `(k,)`, mean smoothed scores.
    """

    second: int
    measured: float
    usable: float
    present: float
    facing: float
    eyes_open: float
    expression: float
    scores: Floats


class RunningParts:
    """Measures one face, second by second. Not thread-safe.

    A row holds its value until the next one, for no longer than rows of a session do
    (`core.measures.windows`): what lies between is not measured. A second is complete with the
    first row after it.

    Args:
        classes: of the scores; 0 where there are none.
    """

    def __init__(self, classes: int = 0) -> None:
        self._classes = classes
        self._rows: list[tuple[float, float, Observation | None]] = []  # of the open second
        self._second = 0
        self._steps: deque[float] = deque(maxlen=USUAL_OF)
        self._last_s: float | None = None
        self._held = RunningHeld(on_after_s=ON_AFTER_S, off_after_s=OFF_AFTER_S)
        self._sums = _Sums.nothing(_PARTS + classes)  # of the open second, from the row before it

    def add(self, time_s: float, seen: Observation | None) -> list[SecondParts]:
        """Add a row; returns the seconds that are complete, oldest first.

        Args:
            time_s: later than that of the row before.
            seen: the face; None where it is not in view.
        """
        if self._last_s is not None:
            self._steps.append(time_s - self._last_s)
        self._last_s = time_s
        usual_s = self._usual_s()
        done = []
        if math.floor(time_s) != self._second:
            done = self._close(time_s, LONGEST_ROW * usual_s)
            self._second = math.floor(time_s)
        self._rows.append((time_s, usual_s, seen))
        return done

    def advance(self, time_s: float) -> list[SecondParts]:
        """The seconds that are complete, as no row before this time will come any more."""
        if not self.is_over_at(time_s):
            return []
        return self._close(math.inf, LONGEST_ROW * self._usual_s())

    def is_over_at(self, time_s: float) -> bool:
        """Whether the last row is so long ago that it does not last any more."""
        return self._last_s is not None and time_s - self._last_s >= OVER_AFTER_S

    def flush(self) -> list[SecondParts]:
        """The seconds so far, at the end: the last row lasts as long as is usual."""
        return self._close(math.inf, self._usual_s())

    def _usual_s(self) -> float:
        steps = sorted(self._steps)
        middle = len(steps) // 2
        if not steps:
            return MAX_GAP_S
        return steps[middle] if len(steps) % 2 else (steps[middle - 1] + steps[middle]) / 2

    def _close(self, next_s: float, longest_s: float) -> list[SecondParts]:
        """End the open second.

        Args:
            next_s: time of the next row; infinite without one.
            longest_s: that its last row may last.
        """
        sums = self._sums
        carried = _Sums.nothing(_PARTS + self._classes)
        if self._rows:
            values = self._values()
            lasts_s = self._durations_s(next_s, longest_s)
            over_s = max(0.0, self._rows[-1][0] + lasts_s[-1] - (self._second + 1))
            carried = _Sums.of(values[-1:], np.array([over_s]))
            lasts_s[-1] -= over_s
            sums = sums.plus(_Sums.of(values, lasts_s))
        self._rows.clear()
        done = [sums.parts(self._second)]
        if next_s >= self._second + 2:
            done.append(carried.parts(self._second + 1))
            carried = _Sums.nothing(_PARTS + self._classes)
        self._sums = carried
        return [one for one in done if one is not None]

    def _durations_s(self, next_s: float, longest_s: float) -> Floats:
        times_s = np.array([time_s for time_s, _, _ in self._rows] + [next_s])
        usual_s = np.array([usual_s for _, usual_s, _ in self._rows[1:]])
        longest = np.minimum(MAX_GAP_S, np.append(LONGEST_ROW * usual_s, longest_s))
        return np.asarray(np.minimum(np.diff(times_s), longest))

    def _values(self) -> Floats:
        """Float64 `(n, 5 + classes)`: the parts in each row of the open second; NaN where not
        known.
        """
        faces = [seen for _, _, seen in self._rows]
        values = np.full((len(faces), _PARTS + self._classes), np.nan)
        usable = np.array([seen is not None and seen.quality.usable for seen in faces])
        values[:, 0] = [seen is not None for seen in faces]
        values[:, 1] = usable
        values[:, 2] = self._facing(faces)
        shapes = _shapes(faces)
        if not np.isnan(shapes[:, 0]).all():
            eyes_open = np.array([_eyes_open(seen) for seen in faces])
            values[:, 3] = open_eyes(lids_closed(eyes_open, shapes, usable, None))
            values[:, 4] = expression_change(shapes, usable, None)
        if self._classes:
            for row, seen in enumerate(faces):
                if seen is not None and seen.quality.usable and seen.steady is not None:
                    values[row, _PARTS:] = seen.steady.values
        return values

    def _facing(self, faces: list[Observation | None]) -> list[float]:
        unknown = (math.nan,) * 3
        angles = [
            unknown if seen is None or seen.pose is None else seen.pose.angles for seen in faces
        ]
        now = facing(np.array(angles)).tolist()
        return [
            self._held.update(time_s, state, usual_s)
            for (time_s, usual_s, _), state in zip(self._rows, now, strict=True)
        ]


def _shapes(faces: list[Observation | None]) -> NDArray[np.float32]:
    shapes = np.full((len(faces), len(BLENDSHAPES)), np.nan, dtype=np.float32)
    for row, seen in enumerate(faces):
        if seen is not None and seen.blendshapes is not None:
            shapes[row] = seen.blendshapes
    return shapes


def _eyes_open(seen: Observation | None) -> float:
    return math.nan if seen is None or seen.eyes_open is None else seen.eyes_open


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over rows.

    Attributes:
        seconds: of all of them.
        known_s: float64 `(m,)`, of those in which each value is known.
        totals: float64 `(m,)`, of values times seconds.
    """

    seconds: float
    known_s: Floats
    totals: Floats

    @classmethod
    def nothing(cls, width: int) -> _Sums:
        """Of no row."""
        return cls(0.0, np.zeros(width), np.zeros(width))

    @classmethod
    def of(cls, values: Floats, seconds: Floats) -> _Sums:
        """Of rows with their durations."""
        return cls(
            float(seconds.sum()), seconds @ ~np.isnan(values), seconds @ np.nan_to_num(values)
        )

    def plus(self, other: _Sums) -> _Sums:
        """Of both."""
        return _Sums(
            self.seconds + other.seconds, self.known_s + other.known_s, self.totals + other.totals
        )

    def parts(self, second: int) -> SecondParts | None:
        """The parts of a second; None where nothing was measured."""
        if self.seconds <= _LEAST_S:
            return None
        means = np.full(len(self.totals), np.nan)
        np.divide(self.totals, self.known_s, out=means, where=self.known_s > _LEAST_S)
        present, usable, faces, eyes_open, expression = np.clip(means[:_PARTS], 0.0, 1.0).tolist()
        return SecondParts(
            second=second,
            measured=min(1.0, self.seconds),
            usable=usable,
            present=present,
            facing=faces,
            eyes_open=eyes_open,
            expression=expression,
            scores=np.clip(means[_PARTS:], 0.0, 1.0),
        )


_LEAST_S = 1e-6  # less is the rounding of times
