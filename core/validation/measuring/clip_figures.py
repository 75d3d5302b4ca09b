"""The figures of one clip: those that Practice gives of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.domain import Timeline
from core.measures import ENOUGH_USABLE, MEASURES, measure_figures, measure_session, seconds_of_rows
from core.practice import BY_NAME
from core.practice.answers import AnswerFigures, figures_of, recorded_answer

_INDEX, _SMILE = "engagement_index", "smile"
_NODS = "nods_per_min"
_SHARES_AND_MEANS = (
    *("facing_share", "expressiveness", "tension", "confident_share", "smile_share"),
    *("mouth_moving_share", "eyes_closed_share", "blinks_per_min"),
)

TITLES: Mapping[str, str] = {
    **{name: BY_NAME[name].title for name in _SHARES_AND_MEANS},
    _NODS: BY_NAME["nods"].title,
    _SMILE: "Smile above a face at rest, mean",
    _INDEX: MEASURES[_INDEX].title,
}
"""Name of each figure of a clip -> its title, in the order of reports."""

LIMITS: Mapping[str, str] = {
    **{name: BY_NAME[name].limits for name in _SHARES_AND_MEANS},
    _NODS: BY_NAME["nods"].limits,
    **{name: MEASURES[name].limits for name in (_SMILE, _INDEX)},
}
"""Name of each figure -> what it cannot tell."""


@dataclass(frozen=True)
class ClipFigures:
    """What was measured of one clip.

    Attributes:
        length_s: of the clip.
        faces: how many were seen.
        usable_share: of the clip in which the person's face is usable.
        values: name of a figure (`TITLES`) -> its value, for those of which enough was measured.
    """

    length_s: float
    faces: int
    usable_share: float
    values: Mapping[str, float]

    @property
    def is_usable(self) -> bool:
        """Whether enough of the clip shows one usable face."""
        return self.usable_share >= ENOUGH_USABLE


def figures_of_clip(timeline: Timeline) -> ClipFigures:
    """The figures of a clip, nobody in which is calibrated.

    So that clips of all lengths can be compared, each is measured against still faces, also where
    the own last minutes would be known.

    Args:
        timeline: all its rows.
    """
    figures = figures_of(recorded_answer(timeline))
    return ClipFigures(
        length_s=figures.length_s,
        faces=len(timeline.face_ids),
        usable_share=figures.usable_share,
        values={
            name: value
            for name, value in _values(timeline, figures).items()
            if value is not None and np.isfinite(value)
        },
    )


def _values(timeline: Timeline, figures: AnswerFigures) -> dict[str, float | None]:
    values = {name: getattr(figures, name) for name in _SHARES_AND_MEANS}
    if figures.nods is not None and figures.length_s > 0:
        values[_NODS] = 60.0 * figures.nods / figures.length_s
    return values | _of_sessions(timeline)


def _of_sessions(timeline: Timeline) -> dict[str, float | None]:
    """Figures that Practice does not give, of the face in view longest, as Sessions shows them."""
    if not timeline.face_ids:
        return {}
    seconds = seconds_of_rows(timeline)
    face = max(timeline.face_ids, key=lambda one: seconds[timeline.face_id == one].sum())
    own = timeline.face_id == face
    columns = {name: values[own] for name, values in measure_session(timeline).items()}
    found = {one.measure.id: one for one in measure_figures(seconds[own], columns)}
    return {
        name: found[name].values.get(MEASURES[name].parts[0].name)
        for name in (_SMILE, _INDEX)
        if found[name].measured_share >= ENOUGH_USABLE
    }
