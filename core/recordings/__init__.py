"""Recordings and pictures in, sessions out, told as events."""

from core.recordings.plan import KIND, RecordingPlan, is_picture
from core.recordings.sessions_made import SessionMade, sessions_made

__all__ = ["KIND", "RecordingPlan", "SessionMade", "is_picture", "sessions_made"]
