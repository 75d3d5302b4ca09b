"""The live session of a tab, shared by the camera's thread and the screen."""

from core.live.live_session import Clocks, LiveSession
from core.live.meters import percentile
from core.live.resolution import (
    DEFAULT_RESOLUTION,
    RESOLUTIONS,
    Resolution,
    keeps_up,
    resolution_named,
)
from core.live.view import LiveView

__all__ = [
    "DEFAULT_RESOLUTION",
    "RESOLUTIONS",
    "Clocks",
    "LiveSession",
    "LiveView",
    "Resolution",
    "keeps_up",
    "percentile",
    "resolution_named",
]
