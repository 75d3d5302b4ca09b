"""Recordings and pictures in, sessions out, told as events."""

from core.recordings.job import moments_of
from core.recordings.made_sessions import SessionMade, names_of, sessions_made
from core.recordings.plan import KIND, RecordingPlan, is_picture, typed_paths
from core.recordings.still import SeenPicture, look_at_picture, store_picture
from core.recordings.timing import left_s
from core.recordings.uploads import discard_of_ended_runs, keep_recordings

__all__ = [
    "KIND",
    "RecordingPlan",
    "SeenPicture",
    "SessionMade",
    "discard_of_ended_runs",
    "is_picture",
    "keep_recordings",
    "left_s",
    "look_at_picture",
    "moments_of",
    "names_of",
    "sessions_made",
    "store_picture",
    "typed_paths",
]
