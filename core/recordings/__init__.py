"""Recordings in, sessions out, told as events."""

from core.recordings.plan import RecordingPlan

__all__ = ["RecordingPlan"]
