"""All measures of a whole session, as columns of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import NO_FACE_ID, Timeline
from core.measures.basis import CALIBRATED, OTHER_CLASSES, TOO_LITTLE, not_stored, too_slow
from core.measures.calibration import Calibration
from core.measures.durations import MAX_GAP_S
from core.measures.face_measures import EXPRESSIVENESS
from core.measures.face_rows import with_absences
from core.measures.measure import Measure
from core.measures.registry import MEASURES
from core.measures.signals.engagement import WINDOW_S
from core.measures.signals.expressiveness import NOBODY, ExpressivenessColumns, expressiveness
from core.measures.signals.movement_view import NOT_CALIBRATED, OWN_BASELINE
from core.measures.windows import Windows, usual_steps

_RATE_TOLERANCE = 0.5  # a camera of 15 frames a second gives 14.9

INDEX, INDEX_VERSION = "index", "index_version"
LEVEL = "expressiveness_level"

TEXT_COLUMNS = (
    LEVEL,
    INDEX_VERSION,
    *(measure.basis_column for measure in MEASURES.values() if measure.basis_column),
)
"""Columns of measures that hold text."""

Columns = Mapping[str, NDArray[Any]]


def measure_session(
    timeline: Timeline, calibrations: Mapping[int, Calibration] = NOBODY
) -> Columns:
    """Every column that the registry names, in its order -> its values `(n,)`.

    Numbers are float64, NaN where not measured. What they are relative to, or why they are empty,
    is text, empty in rows without a face.

    Args:
        timeline: all rows of a session.
        calibrations: by numbers of faces.
    """
    measures = [one for one in MEASURES.values() if one is not EXPRESSIVENESS]
    columns = {name: _empty(timeline, name) for name in column_names()}
    for face_id in timeline.face_ids:
        own = np.flatnonzero(timeline.face_id == face_id)
        first_s, last_s = timeline.time_s[own[[0, -1]]]
        from_s = first_s - WINDOW_S - MAX_GAP_S  # when it was away counts in the index
        near = timeline.where((timeline.time_s >= from_s) & (timeline.time_s <= last_s))
        rows = with_absences(near, face_id)
        for measure in measures:
            found = _of_face(measure, rows, calibrations.get(face_id))
            for name, values in found.items():
                columns[name][own] = values[rows.face_id == face_id]
    columns = {name: _rounded(values) for name, values in columns.items()}
    version = MEASURES["engagement_index"].version
    columns[INDEX_VERSION] = np.where(np.isnan(columns[INDEX]), "", version).astype(object)
    return columns | _of_movement(timeline, expressiveness(timeline, calibrations))


def column_names() -> tuple[str, ...]:
    """The columns of the measures in the session file, in the order of the registry."""
    names = [
        name
        for measure in MEASURES.values()
        for name in (*(part.column for part in measure.parts), measure.basis_column)
        if name
    ]
    return (*names, INDEX_VERSION, LEVEL)


def _empty(timeline: Timeline, column: str) -> NDArray[Any]:
    if column in TEXT_COLUMNS:
        return np.full(len(timeline), "", dtype=object)
    return np.full(len(timeline), np.nan)


def _rounded(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers to six decimals: finer ones are noise, and made the file a third larger."""
    return values if values.dtype == object else values.round(6)


def _of_face(measure: Measure, rows: Timeline, calibration: Calibration | None) -> Columns:
    if measure.compute is None or not any(part.column for part in measure.parts):
        return {}
    found = measure.compute(rows, calibration)
    columns = {part.column: getattr(found, part.name) for part in measure.parts if part.column}
    if measure.basis_column:
        is_known = ~np.isnan(getattr(found, measure.parts[0].name))
        basis = CALIBRATED if measure.is_calibrated(calibration) else NOT_CALIBRATED
        if not measure.needs:
            basis = ""
        why = why_empty(measure, rows)
        if measure.only_calibrated and basis == NOT_CALIBRATED:
            why = np.full(len(rows), basis, dtype=object)
        columns[measure.basis_column] = np.where(is_known, basis, why).astype(object)
    return columns


def why_empty(measure: Measure, rows: Timeline) -> NDArray[np.object_]:
    """Why a measure has no value in each row where it has none: text `(n,)`.

    Args:
        rows: of one face, in a session of any version.
    """
    lacking = [name for name in measure.reads if np.isnan(getattr(rows, name)).all()]
    if lacking:
        return np.full(len(rows), not_stored(lacking[0]), dtype=object)
    if measure.fits_labels is not None and not measure.fits_labels(rows.scheme.labels):
        return np.full(len(rows), OTHER_CLASSES, dtype=object)
    why = np.full(len(rows), TOO_LITTLE, dtype=object)
    least = measure.least_rows_per_s
    if least is not None and measure.window_s is not None and len(rows) > 1:
        rate = Windows.before_rows(rows, measure.window_s).rows_per_s(np.ones(len(rows)))
        rate = np.where(np.isnan(rate), 1.0 / usual_steps(rows.time_s), rate)
        why[rate < least - _RATE_TOLERANCE] = too_slow(least)
    return why


def _of_movement(timeline: Timeline, moved: ExpressivenessColumns) -> dict[str, NDArray[Any]]:
    """Expressiveness, of all faces at once, as it is measured live."""
    compared = np.where(moved.is_own, OWN_BASELINE, NOT_CALIBRATED)
    why = why_empty(EXPRESSIVENESS, timeline)
    basis = np.where(np.isnan(moved.mean), why, compared)
    return {
        **{part.column: _rounded(getattr(moved, part.name)) for part in EXPRESSIVENESS.parts},
        LEVEL: moved.levels,
        EXPRESSIVENESS.basis_column: np.where(timeline.face_id == NO_FACE_ID, "", basis),
    }
