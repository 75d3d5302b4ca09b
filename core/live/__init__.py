"""The live session of a tab, shared by the camera's thread and the screen."""

from core.live.calibration_result import PART_STEPS
from core.live.calibration_run import CalibrationProgress, CalibrationStep
from core.live.clocks import Clocks
from core.live.frame_clock import FrameClock
from core.live.live_calibration import CalibrationState, LiveCalibration
from core.live.live_session import LiveSession
from core.live.meters import percentile
from core.live.readings import MeasureReading
from core.live.resolution import (
    DEFAULT_RESOLUTION,
    RESOLUTIONS,
    Resolution,
    keeps_up,
    resolution_named,
)
from core.live.session_time import SessionTime
from core.live.session_writer import SessionWriter
from core.live.view import LiveView
from core.live.writing_thread import BROWSER_FLUSH_EVERY_S, FLUSH_EVERY_S, WritingThread

__all__ = [
    "BROWSER_FLUSH_EVERY_S",
    "DEFAULT_RESOLUTION",
    "FLUSH_EVERY_S",
    "PART_STEPS",
    "RESOLUTIONS",
    "CalibrationProgress",
    "CalibrationState",
    "CalibrationStep",
    "Clocks",
    "FrameClock",
    "LiveCalibration",
    "LiveSession",
    "LiveView",
    "MeasureReading",
    "Resolution",
    "SessionTime",
    "SessionWriter",
    "WritingThread",
    "keeps_up",
    "percentile",
    "resolution_named",
]
