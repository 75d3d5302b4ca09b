"""Analysis of recordings and pictures into sessions."""

from core.recordings.clip_rows import clip_timeline
from core.recordings.moments import moments_of
from core.recordings.picture import AnalysedPicture, analyse_picture, store_picture
from core.recordings.plan import (
    KIND,
    RecordingPlan,
    expect_no_pictures,
    is_picture,
    typed_paths,
)
from core.recordings.remaining_time import remaining_s
from core.recordings.run_sessions import RunSession, names_of, run_sessions
from core.recordings.uploads import discard_of_ended_runs, store_recordings

__all__ = [
    "KIND",
    "AnalysedPicture",
    "RecordingPlan",
    "RunSession",
    "analyse_picture",
    "clip_timeline",
    "discard_of_ended_runs",
    "expect_no_pictures",
    "is_picture",
    "moments_of",
    "names_of",
    "remaining_s",
    "run_sessions",
    "store_picture",
    "store_recordings",
    "typed_paths",
]
