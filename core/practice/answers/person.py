"""Who of the faces in a session gave the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.domain import Timeline
from core.measures import Calibration, seconds_of_rows

CALIBRATED_WEIGHT = 2.0
"""Who calibrated is probably who answers: another face has to be usable for twice as long."""


@dataclass(frozen=True, eq=False)
class Person:
    """Who answers, in one session.

    Attributes:
        numbers: of the face. A face that was out of view comes back with another number where it
            cannot be recognised, and so does one before another camera.
        usable_s: seconds in which it was usable.
        calibration: the person's own values; None where there are none.
    """

    numbers: frozenset[int]
    usable_s: float
    calibration: Calibration | None


def person_of(rows: Timeline, calibrations: Mapping[int, Calibration]) -> Person:
    """The person in rows of a session.

    It is the face with most usable seconds, of which those of a calibrated face count
    `CALIBRATED_WEIGHT` times; the one that is in view for longest, where none is usable. Faces that
    are never in view together with it, and take turns, are the same person: one practises alone,
    and somebody else is in view beside them. Likewise a calibration of a face that is not in view
    beside the person is the person's, the latest number first.

    Args:
        rows: of all faces, within the answer.
        calibrations: of the session, by numbers of faces.
    """
    seconds = seconds_of_rows(rows)
    usable_s, rank, times = {}, {}, {}
    for face in rows.face_ids:
        own = rows.face_id == face
        usable_s[face] = float(seconds[own & rows.usable].sum())
        weight = CALIBRATED_WEIGHT if face in calibrations else 1.0
        rank[face] = (weight * usable_s[face], float(seconds[own].sum()), -face)
        times[face] = rows.time_s[own]
    numbers: list[int] = []
    others: list[int] = []
    taken = np.zeros(0)
    for face in sorted(rank, key=lambda one: rank[one], reverse=True):
        if np.isin(times[face], taken).any():
            others.append(face)
        else:
            numbers.append(face)
            taken = np.append(taken, times[face])
    known = [one for one in numbers if one in calibrations]
    known += sorted(set(calibrations) - {*numbers, *others}, reverse=True)
    return Person(
        frozenset(numbers),
        sum(usable_s[one] for one in numbers),
        calibrations[known[0]] if known else None,
    )
