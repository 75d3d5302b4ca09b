"""Where the camera thread and the screen meet, for one tab."""

from core.live.live_session import Clocks, LiveSession
from core.live.recovery import Recovery
from core.live.view import LiveView

__all__ = ["Clocks", "LiveSession", "LiveView", "Recovery"]
