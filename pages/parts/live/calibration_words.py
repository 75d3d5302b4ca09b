"""What a calibration asks for, and what helps where it waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.domain import AnalysisSite, RejectReason
from core.domain.wording import listed
from core.live import CalibrationProgress, CalibrationState, CalibrationStep, LiveView
from core.measures import CalibrationPart
from pages.parts.live.live_view import eye_of, is_disconnected

STEP_TEXT: Mapping[CalibrationStep, str] = {
    CalibrationStep.TOP_LEFT: "Look at the dot at the top left.",
    CalibrationStep.TOP_RIGHT: "Look at the dot at the top right.",
    CalibrationStep.BOTTOM_RIGHT: "Look at the dot at the bottom right.",
    CalibrationStep.BOTTOM_LEFT: "Look at the dot at the bottom left.",
    CalibrationStep.NEUTRAL: "Look at the dot in the middle, and relax your face.",
    CalibrationStep.CLOSED: "Close your eyes, count to two, and open them again.",
}
"""What to do in each step."""

STEP_NAME: Mapping[CalibrationStep, str] = {
    CalibrationStep.TOP_LEFT: "Top left",
    CalibrationStep.TOP_RIGHT: "Top right",
    CalibrationStep.BOTTOM_RIGHT: "Bottom right",
    CalibrationStep.BOTTOM_LEFT: "Bottom left",
    CalibrationStep.NEUTRAL: "Neutral face",
    CalibrationStep.CLOSED: "Closed eyes",
}

PLACE: Mapping[CalibrationStep, str] = {
    CalibrationStep.TOP_LEFT: "top-left",
    CalibrationStep.TOP_RIGHT: "top-right",
    CalibrationStep.BOTTOM_RIGHT: "bottom-right",
    CalibrationStep.BOTTOM_LEFT: "bottom-left",
    CalibrationStep.NEUTRAL: "middle",
    CalibrationStep.CLOSED: "middle",
}
"""Where the dot is, as `draw_dot` names it."""

_PART_NAME: Mapping[CalibrationPart, str] = {
    CalibrationPart.FACING: "facing",
    CalibrationPart.REST: "face at rest",
    CalibrationPart.EYES: "eyes",
}

REMEDY: Mapping[RejectReason, str] = {
    RejectReason.NO_FACE: "No face in view. Face the camera, with light on your face.",
    RejectReason.TOO_SMALL: "Your face is too small. Come closer to the camera.",
    RejectReason.UNSURE: "It may not be a face. Face the camera, with nothing in front of you.",
    RejectReason.TOO_DARK: "Your face is too dark. Put a light in front of you.",
    RejectReason.TOO_BRIGHT: "Your face is too bright. Move the light away from it.",
    RejectReason.BLURRED: "Your face is blurred. Keep still for a moment, or clean the lens.",
    RejectReason.TURNED_AWAY: "Your head is turned too far. Turn it less, and look with your eyes.",
    RejectReason.UPSIDE_DOWN: "Your face is upside down. Rotate the camera.",
    RejectReason.NO_LANDMARKS: "Eyes or mouth are hidden. Uncover them.",
}
"""What helps where a face cannot be read."""

_SEVERAL = "Several faces are in view. Only the person who calibrates should be."
ANOTHER_FACE = "Another face came into view, so the steps began again for it."

_PAUSED = "Paused. Resume to go on."
_NO_FRAME: Mapping[AnalysisSite, str] = {
    AnalysisSite.SERVER: "No frame arrives. Check the camera.",
    AnalysisSite.BROWSER: "No reading arrives from this browser. Wait until it does.",
}


def waiting_text(progress: CalibrationProgress, view: LiveView) -> str:
    """Why nothing is counted at the moment, and what helps; empty where it is."""
    if view.paused:
        return _PAUSED
    if is_disconnected(view):
        return _NO_FRAME[eye_of(view)]
    if progress.several_faces:
        return _SEVERAL
    return "" if progress.waits_for is None else REMEDY[progress.waits_for]


def skipped_text(state: CalibrationState) -> str:
    """What it means that the steps ended without a part."""
    if state.measured is None:
        compared = parts_text(_PART_NAME).capitalize()
        return (
            "Not calibrated: steps of every part were skipped. "
            f"{compared} are compared with typical values."
        )
    return "Steps of every part were skipped: the earlier calibration stays."


def seconds_text(progress: CalibrationProgress) -> str:
    """How far a step is: "1.2 of 2 s"."""
    return f"{progress.counted_s:.1f} of {progress.wanted_s:.0f} s"


def parts_text(parts: Iterable[CalibrationPart]) -> str:
    """Parts in a sentence: "facing, face at rest and eyes"."""
    return listed([_PART_NAME[part] for part in parts])
