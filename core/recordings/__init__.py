"""Recordings and pictures in, sessions out, told as events."""

from core.recordings.made_sessions import SessionMade, sessions_made
from core.recordings.plan import KIND, RecordingPlan, is_picture

__all__ = ["KIND", "RecordingPlan", "SessionMade", "is_picture", "sessions_made"]
