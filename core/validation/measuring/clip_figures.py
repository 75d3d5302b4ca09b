"""The figures of one clip: of the face that is usable longest, as the page Sessions shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain import Timeline
from core.measures import (
    ENOUGH_USABLE,
    measure_figures,
    measure_session,
    seconds_of_rows,
    summarise,
)


@dataclass(frozen=True)
class ClipFigures:
    """What was measured of one clip.

    Attributes:
        length_s: analysed seconds.
        faces: how many were seen.
        usable_share: of the analysed time in which the face that is usable longest is usable.
        values: id of a measure -> its figure over the clip (its first part), for those measured.
    """

    length_s: float
    faces: int
    usable_share: float
    values: Mapping[str, float]

    @property
    def is_usable(self) -> bool:
        """Whether enough of the clip shows one usable face."""
        return self.usable_share >= ENOUGH_USABLE


def figures_of(timeline: Timeline) -> ClipFigures:
    """The figures of a clip, nobody in which is calibrated.

    Args:
        timeline: all its rows.
    """
    everybody = summarise(timeline, not_sure_below=0.0)
    if not everybody.faces or everybody.watched_s <= 0:
        return ClipFigures(everybody.watched_s, 0, 0.0, {})
    face = max(everybody.faces, key=lambda one: (one.usable_s, -one.face_id))
    own = timeline.face_id == face.face_id
    columns = {name: values[own] for name, values in measure_session(timeline).items()}
    figures = measure_figures(seconds_of_rows(timeline)[own], columns)
    return ClipFigures(
        length_s=everybody.watched_s,
        faces=len(everybody.faces),
        usable_share=min(1.0, face.usable_s / everybody.watched_s),
        values={
            one.measure.id: one.values[one.measure.parts[0].name] for one in figures if one.values
        },
    )
