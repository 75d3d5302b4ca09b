"""Where the head points in an answer: to the screen, or away and in which direction.

As in the measure "facing", a look away is one that lasts 2 s, and a look back of less than 1 s does
not end it. As the whole answer is known, each is counted from its real beginning, and without the
looks back in it: seconds away were seconds away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.measures import DEFAULT_CONE, MEASURES
from core.practice.answers.answer_data import AnswerData
from core.practice.answers.spans import Span, spans_where

Floats = NDArray[np.float64]

AWAY_AFTER_S, BACK_AFTER_S = 2.0, 1.0
"""As in the measure "facing": a glance at a note is no look away."""


class Direction(StrEnum):
    """Where a head points that is turned away from the screen; left and right are the person's."""

    DOWN = "down"
    UP = "up"
    LEFT = "left"
    RIGHT = "right"


_DIRECTIONS = tuple(Direction)


@dataclass(frozen=True, eq=False)
class LookAway:
    """A stretch in which the head pointed away from the screen.

    Attributes:
        span: of the answer.
        direction: of most of it.
    """

    span: Span
    direction: Direction


@dataclass(frozen=True, eq=False)
class HeadDirection:
    """Where the head pointed.

    Attributes:
        facing: float64 `(n,)`: 1 to the screen, 0 away, NaN where no head pose was measured.
        looks: in time order.
        direction: int64 `(n,)`, place in `Direction` of rows that are away; -1 otherwise.
        known_s: seconds with a head pose.
        seconds_to: seconds away in each direction.
    """

    facing: Floats
    looks: tuple[LookAway, ...]
    direction: NDArray[np.int64]
    known_s: float
    seconds_to: dict[Direction, float]


def head_direction(data: AnswerData) -> HeadDirection:
    """Where the head pointed in an answer, by its own centre where it is calibrated.

    Rows with a known head pose count, usable or not: a head that is turned away is no lost row.
    """
    rows, seconds = data.rows, data.seconds
    signal = MEASURES["facing"].compute
    assert signal is not None
    now = signal(rows, data.calibration).now
    spans = spans_where(
        rows.time_s, seconds, 1.0 - now, least_s=AWAY_AFTER_S, bridge_s=BACK_AFTER_S
    )
    known = ~np.isnan(now)
    facing = np.where(known, 1.0, np.nan)
    to = _directions(data)
    found = np.full(len(rows), -1, dtype=np.int64)
    looks = []
    for span in spans:
        first, last = np.searchsorted(rows.time_s, [span.begins_s, span.ends_s - 1e-6])
        inside = np.arange(first, last)
        away = inside[now[inside] == 0]
        totals = np.bincount(to[away], seconds[away], len(_DIRECTIONS))
        most = int(totals.argmax())
        found[away] = to[away]
        facing[away] = 0.0
        looks.append(LookAway(span, _DIRECTIONS[most]))
    seconds_to = {
        direction: float(seconds[found == at].sum()) for at, direction in enumerate(_DIRECTIONS)
    }
    return HeadDirection(facing, tuple(looks), found, float(seconds[known].sum()), seconds_to)


def _directions(data: AnswerData) -> NDArray[np.int64]:
    """The nearest direction of each row, from the own centre."""
    own = data.calibration
    cone = DEFAULT_CONE if own is None or own.cone is None else own.cone
    # To the picture's right is the person's left.
    to_left = np.nan_to_num(data.rows.pose[:, 0] - cone.yaw)
    upwards = np.nan_to_num(data.rows.pose[:, 1] - cone.pitch)
    vertical = np.where(upwards < 0, _at(Direction.DOWN), _at(Direction.UP))
    sideways = np.where(to_left > 0, _at(Direction.LEFT), _at(Direction.RIGHT))
    return np.where(np.abs(upwards) >= np.abs(to_left), vertical, sideways)


def _at(direction: Direction) -> int:
    return _DIRECTIONS.index(direction)
