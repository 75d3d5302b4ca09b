"""From the rows of the steps to a calibration: each part alone, so that one costs no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.domain import Timeline
from core.domain.errors import CalibrationError
from core.live.calibration_run import CORNERS, CalibrationStep
from core.measures import Calibration, CalibrationPart, calibrate

Rows = Mapping[CalibrationStep, Timeline]


@dataclass(frozen=True)
class CalibrationProblem:
    """Why a part is missing although its steps were done.

    Attributes:
        part: that is missing.
        message, advice: what was wrong, and what helps, in a sentence each.
    """

    part: CalibrationPart
    message: str
    advice: str


PART_STEPS: Mapping[CalibrationPart, tuple[CalibrationStep, ...]] = {
    CalibrationPart.FACING: CORNERS,
    CalibrationPart.REST: (CalibrationStep.NEUTRAL,),
    CalibrationPart.EYES: (CalibrationStep.CLOSED,),
}
"""The steps that each part takes: with one of them skipped it is left out."""


def result_of(rows: Rows) -> tuple[Calibration, tuple[CalibrationProblem, ...]]:
    """The calibration that the steps gave, and what is wrong with the parts that they did not.

    Args:
        rows: of one face, usable, of each step that was done.
    """
    facing, facing_problem = _part(rows, CalibrationPart.FACING, _facing)
    rest, rest_problem = _part(rows, CalibrationPart.REST, _rest)
    known = rows if rest.rest else {step: own for step, own in rows.items() if step in _NOT_REST}
    eyes, eyes_problem = _part(known, CalibrationPart.EYES, _eyes)
    found = Calibration(facing.cone, rest.rest, eyes.eyes, rest.lip_gap_sd)
    problems = (facing_problem, rest_problem, eyes_problem)
    return found, tuple(one for one in problems if one is not None)


_NOT_REST = (*CORNERS, CalibrationStep.CLOSED)


def _part(
    rows: Rows, part: CalibrationPart, measure: Callable[[Rows], Calibration]
) -> tuple[Calibration, CalibrationProblem | None]:
    if not all(step in rows for step in PART_STEPS[part]):
        return Calibration(), None
    try:
        return measure(rows), None
    except CalibrationError as error:
        return Calibration(), CalibrationProblem(part, error.message, error.advice)


def _facing(rows: Rows) -> Calibration:
    return calibrate(corners=[rows[step] for step in CORNERS])


def _rest(rows: Rows) -> Calibration:
    return calibrate(neutral=rows[CalibrationStep.NEUTRAL])


def _eyes(rows: Rows) -> Calibration:
    """Closed eyes beside open ones of the neutral face, where it is known."""
    neutral = rows.get(CalibrationStep.NEUTRAL)
    return calibrate(neutral=neutral, closure=rows[CalibrationStep.CLOSED])
