"""The engagement index of one face, window by window, beside the published concentration index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.calibration import Calibration, CalibrationPart
from core.measures.face_rows import with_absences
from core.measures.index_weights import PARTS
from core.measures.signals.concentration import measure_concentration
from core.measures.signals.engagement import WINDOW_S, measure_engagement
from core.measures.windows import Windows

Floats = NDArray[np.float64]

_PART_WORDS = {
    CalibrationPart.FACING: "direction of the screen",
    CalibrationPart.REST: "face at rest",
    CalibrationPart.EYES: "eyes",
}
_NEAR_S = 1.0  # a window ends at the row nearest to its end, if that is so near


@dataclass(frozen=True, eq=False)
class IndexWindows:
    """Windows of ten seconds, one after the other; those without any analysed row are left out.

    Attributes:
        end_s: float64 `(w,)`, seconds since the session began, ascending.
        parts: name -> float64 `(w,)`, in [0, 1]; NaN where too little was usable.
        published: float64 `(w,)`, mean of the concentration index, 0 to 100; NaN likewise.
        lacks: parts of a calibration that were not there to compare with.
    """

    end_s: Floats
    parts: Mapping[str, Floats]
    published: Floats
    lacks: tuple[CalibrationPart, ...] = ()

    @property
    def is_measured(self) -> NDArray[np.bool_]:
        """Bool `(w,)`, which windows have an index."""
        return np.isfinite(self.parts[PARTS[0]])

    def between(self, from_s: float, to_s: float) -> IndexWindows:
        """The windows that lie in a part of the session."""
        keep = (self.end_s - WINDOW_S >= from_s) & (self.end_s <= to_s)
        return replace(
            self,
            end_s=self.end_s[keep],
            parts={name: values[keep] for name, values in self.parts.items()},
            published=self.published[keep],
        )

    @property
    def basis(self) -> str:
        """What the face is compared with, in one sentence."""
        if not self.lacks:
            return "Calibrated: compared with the person's own values."
        names = ", ".join(_PART_WORDS[part] for part in self.lacks)
        return f"Not calibrated ({names}): compared with typical values there."


def index_windows(
    timeline: Timeline, face_id: int, calibration: Calibration | None
) -> IndexWindows:
    """The windows of one face.

    Args:
        timeline: a whole session with all its faces and the model's own scores.
        face_id: whose.
        calibration: of the person, if there is one.
    """
    rows = with_absences(timeline, face_id)
    found = measure_engagement(rows, calibration)
    published = measure_concentration(rows, calibration).index
    numbers, at = _ends(rows.time_s)
    return IndexWindows(
        end_s=numbers * WINDOW_S,
        parts={name: getattr(found, name)[at] for name in PARTS},
        published=Windows.before_rows(rows, WINDOW_S).mean(published)[at],
        lacks=tuple(
            part for part in CalibrationPart if calibration is None or not calibration.has(part)
        ),
    )


def _ends(time_s: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Number of each window, from 1, and the row that is nearest to its end."""
    numbers = np.rint(time_s / WINDOW_S)
    away_s = np.abs(time_s - numbers * WINDOW_S)
    nearest_first = np.lexsort((away_s, numbers))
    nearest_first = nearest_first[
        (away_s[nearest_first] <= _NEAR_S) & (numbers[nearest_first] >= 1)
    ]
    found, first = np.unique(numbers[nearest_first], return_index=True)
    return found, nearest_first[first]
