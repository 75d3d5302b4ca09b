"""What stands in the basis column of a measure: what its figure is relative to, or why it is empty.

One place for each text and its meaning: session file, codebook and pages take them here.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.counted import percent
from core.measures.measure import Measure
from core.measures.signals.expressiveness_meter import HISTORY_S, OWN_AFTER_S
from core.measures.signals.movement_view import NOT_CALIBRATED, OWN_BASELINE
from core.measures.windows import ENOUGH_OF_WINDOW

CALIBRATED = "calibrated"
TOO_LITTLE = f"under {percent(ENOUGH_OF_WINDOW)} usable"
OTHER_CLASSES = "no such classes of the model"

_NAMES = {"blendshapes": "blendshapes", "lip_gap": "lip gap", "pose": "head pose"}
_NAMES |= {"eyes_open": "eyes", "scores": "scores"}


def not_stored(column: str) -> str:
    """The reason where a column that a measure reads is empty in the whole session."""
    return f"no {_NAMES[column]} stored"


def too_slow(least_rows_per_s: float) -> str:
    """The reason where too few rows a second were analysed."""
    return f"under {least_rows_per_s:.0f} rows a second"


def basis_values(measure: Measure) -> Mapping[str, str]:
    """Every text that the basis column of a measure may hold -> what it means, in a phrase.

    Without a text a row has a value that needs no calibration, or no face.
    """
    return {**_relative_to(measure), **_reasons(measure)}


def _relative_to(measure: Measure) -> dict[str, str]:
    if not measure.needs:
        return {}
    if measure.only_calibrated:
        return {
            CALIBRATED: "relative to the person's own values",
            NOT_CALIBRATED: "empty, as it needs the person's own values",
        }
    if measure.id == "expressiveness":
        return {
            OWN_BASELINE: "relative to the own calibrated face at rest, or to the face's own last "
            f"{HISTORY_S // 60} min",
            NOT_CALIBRATED: f"relative to still faces, in its first {OWN_AFTER_S} usable seconds",
        }
    return {
        CALIBRATED: "relative to the person's own values",
        NOT_CALIBRATED: "relative, at least in part, to still faces or a common default",
    }


def _reasons(measure: Measure) -> dict[str, str]:
    window = "window" if measure.window_s is None else f"{measure.window_s:g} s"
    found = {not_stored(name): "empty, in the whole session" for name in measure.reads}
    if measure.fits_labels is not None:
        found[OTHER_CLASSES] = "empty, as it cannot be derived from them"
    if measure.least_rows_per_s is not None:
        found[too_slow(measure.least_rows_per_s)] = "empty, as it would miss what is shorter"
    found[TOO_LITTLE] = (
        f"empty, as less than {percent(ENOUGH_OF_WINDOW)} of the {window} before could be measured"
    )
    return found
