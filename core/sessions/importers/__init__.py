"""Files of sessions from elsewhere, as stored sessions without pictures."""

from core.sessions.importers.read_file import USUAL_FPS, read_sessions
from core.sessions.importers.storing import store_imported

__all__ = ["USUAL_FPS", "read_sessions", "store_imported"]
