"""The guided steps of a calibration: what to do now, how far it is, and the rows it gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain import (
    NO_FACE_ID,
    AnalysedFrame,
    LabelScheme,
    Observation,
    RejectReason,
    Timeline,
)
from core.measures import CLOSURE_S, CORNER_S, MAX_GAP_S, NEUTRAL_S


class CalibrationStep(StrEnum):
    """What a person is asked to do for a while."""

    TOP_LEFT = "top_left"
    """Look at this corner of the screen."""
    TOP_RIGHT = "top_right"
    """Likewise."""
    BOTTOM_RIGHT = "bottom_right"
    """Likewise."""
    BOTTOM_LEFT = "bottom_left"
    """Likewise."""
    NEUTRAL = "neutral"
    """Look at the screen with a relaxed face."""
    CLOSED = "closed"
    """Close the eyes, and open them again."""


CORNERS = (
    CalibrationStep.TOP_LEFT,
    CalibrationStep.TOP_RIGHT,
    CalibrationStep.BOTTOM_RIGHT,
    CalibrationStep.BOTTOM_LEFT,
)

STEP_S: Mapping[CalibrationStep, float] = {
    **dict.fromkeys(CORNERS, CORNER_S),
    CalibrationStep.NEUTRAL: NEUTRAL_S,
    CalibrationStep.CLOSED: CLOSURE_S,
}
"""Every step in its order, and its seconds of usable rows."""

SETTLE_S = 1 / 3
"""Usable seconds at the start of a step that are not part of it: the head still moves. With them
all steps together take 20 s."""

WAITS_AFTER_S = 0.7
"""A face that is unusable for less, as in a blink of the camera, is not worth a word."""

ANOTHER_AFTER_S = 1.0
"""A face with another number is another person's, or came back: somebody who only passes by costs
the person who calibrates nothing."""

_ROUNDING_S = 1e-6
_MAX_ROWS = 1000  # of a step: a bound in case a sender's clock stands still


@dataclass(frozen=True)
class CalibrationProgress:
    """Where a calibration stands.

    Attributes:
        step: what to do now; None when it is over.
        counted_s: usable seconds of this step so far; 0 when it is over.
        waits_for: why nothing is counted at the moment; None where it is, or `several_faces`.
        several_faces: whether it waits because more than one face is in view.
        measured, skipped: the steps that were done, in order.
        began_again: whether another face came, for which the steps began again.
    """

    step: CalibrationStep | None
    counted_s: float
    waits_for: RejectReason | None
    several_faces: bool
    measured: tuple[CalibrationStep, ...]
    skipped: tuple[CalibrationStep, ...]
    began_again: bool = False

    @property
    def number(self) -> int:
        """Of the step, from 1; that of the last when it is over."""
        steps = list(STEP_S)
        return len(steps) if self.step is None else steps.index(self.step) + 1

    @property
    def wanted_s(self) -> float:
        """Usable seconds that the step takes; 0 when it is over."""
        return 0.0 if self.step is None else STEP_S[self.step]

    @property
    def share(self) -> float:
        """Fraction of the step; 1 when it is over."""
        return self.counted_s / self.wanted_s if self.wanted_s else 1.0


@dataclass
class _Step:
    """What a step gave so far."""

    usable_s: float = 0.0
    rows: list[tuple[AnalysedFrame, Observation | None]] = field(default_factory=list)

    def is_done(self, step: CalibrationStep) -> bool:
        return self.usable_s >= SETTLE_S + STEP_S[step] - _ROUNDING_S


class CalibrationRun:
    """The steps of one calibration, moved on by the analysed moments of a session alone.

    Only moments with one usable face count, and only of one face: where another is in view for
    `ANOTHER_AFTER_S`, all that was not skipped begins again for that one. Every step can be
    skipped, and done again at any time; it is over when each was done or skipped.
    """

    def __init__(self) -> None:
        self._steps = {step: _Step() for step in STEP_S}
        self._skipped: set[CalibrationStep] = set()
        self._step: CalibrationStep | None = next(iter(STEP_S))
        self._before: AnalysedFrame | None = None
        self._face_id = NO_FACE_ID
        self._unusable_since_s: float | None = None
        self._another_since_s: float | None = None
        self._began_again = False

    @property
    def is_over(self) -> bool:
        """Whether every step was done or skipped."""
        return self._step is None

    @property
    def face_id(self) -> int:
        """Whose steps these are; `NO_FACE_ID` before its first usable moment."""
        return self._face_id

    def add(self, moment: AnalysedFrame) -> None:
        """Add the session's next analysed moment; without tentative faces."""
        before, self._before = self._before, moment
        if self._step is None:
            return
        self._follow_face(moment)
        step = self._steps[self._step]
        if before is not None and self._counts(before):
            step.usable_s += min(moment.time_s - before.time_s, MAX_GAP_S)
        if step.is_done(self._step):
            self._go_on()
        elif self._counts(moment) and step.usable_s >= SETTLE_S and len(step.rows) < _MAX_ROWS:
            step.rows.append((moment, moment.observations[0]))
        if _is_usable(moment):
            self._unusable_since_s = None
        elif self._unusable_since_s is None:
            self._unusable_since_s = moment.time_s

    def skip(self) -> None:
        """Leave out the current step; nothing of it is kept."""
        if self._step is not None:
            self._steps[self._step] = _Step()
            self._skipped.add(self._step)
            self._before = None
            self._go_on()

    def redo(self, *steps: CalibrationStep) -> None:
        """Begin steps again, forgetting what they gave; then go on with what is left to do.

        Args:
            steps: none for the current one; when it is over, that does nothing.
        """
        again = steps or (() if self._step is None else (self._step,))
        for step in again:
            self._steps[step] = _Step()
            self._skipped.discard(step)
        if again:
            self._step, self._before = again[0], None

    def progress(self) -> CalibrationProgress:
        """Where it stands, for the screen."""
        step, hindering = self._step, self._hindering()
        usable_s = 0.0 if step is None else self._steps[step].usable_s
        several = hindering is not None and len(hindering.observations) > 1
        return CalibrationProgress(
            step=step,
            counted_s=max(0.0, usable_s - SETTLE_S),
            waits_for=None if hindering is None or several else _reason(hindering),
            several_faces=several,
            measured=tuple(one for one in STEP_S if self._steps[one].is_done(one)),
            skipped=tuple(one for one in STEP_S if one in self._skipped),
            began_again=self._began_again,
        )

    def rows(self, scheme: LabelScheme) -> dict[CalibrationStep, Timeline]:
        """The usable rows of every step that was done, each of one face.

        Args:
            scheme: of the scores.
        """
        return {
            name: Timeline.from_rows(scheme, step.rows)
            for name, step in self._steps.items()
            if step.is_done(name)
        }

    def _counts(self, moment: AnalysedFrame) -> bool:
        return _is_usable(moment) and moment.observations[0].track_id == self._face_id

    def _follow_face(self, moment: AnalysedFrame) -> None:
        """Begin again for another face that stays: values of two people are nobody's."""
        if not _is_usable(moment):
            self._another_since_s = None
            return
        face_id = moment.observations[0].track_id
        if face_id == self._face_id:
            self._another_since_s = None
        elif self._face_id == NO_FACE_ID:
            self._face_id = face_id
        elif self._another_since_s is None:
            self._another_since_s = moment.time_s
        elif moment.time_s - self._another_since_s >= ANOTHER_AFTER_S:
            self._began_again = any(step.usable_s > 0 for step in self._steps.values())
            self._steps = {step: _Step() for step in STEP_S}
            self._face_id, self._another_since_s = face_id, None
            self._go_on()

    def _go_on(self) -> None:
        """To the next step that is neither done nor skipped, from the first one on."""
        left = (
            one
            for one, step in self._steps.items()
            if one not in self._skipped and not step.is_done(one)
        )
        self._step = next(left, None)

    def _hindering(self) -> AnalysedFrame | None:
        """The newest moment, where the face has been unusable for a while."""
        newest, since_s = self._before, self._unusable_since_s
        if self._step is None or newest is None or since_s is None:
            return None
        return newest if newest.time_s - since_s >= WAITS_AFTER_S else None


def _is_usable(moment: AnalysedFrame) -> bool:
    return len(moment.observations) == 1 and moment.observations[0].quality.usable


def _reason(moment: AnalysedFrame) -> RejectReason | None:
    if not moment.observations:
        return RejectReason.NO_FACE
    return moment.observations[0].quality.reason
