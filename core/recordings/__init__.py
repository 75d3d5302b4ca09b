"""Analysis of recordings and pictures into sessions.

A command checks its plan and starts a worker by this door; what reads pictures, and the database,
is imported when it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.recordings.plan import (
    KIND,
    RecordingPlan,
    expect_no_pictures,
    is_picture,
    typed_paths,
)
from core.recordings.remaining_time import remaining_s
from core.recordings.run_sessions import RunSession, names_of, run_sessions

if TYPE_CHECKING:
    from core.recordings.clip_rows import clip_timeline
    from core.recordings.moments import moments_of
    from core.recordings.picture import AnalysedPicture, analyse_picture, store_picture
    from core.recordings.uploads import discard_of_ended_runs, store_recordings

_WHEN_ASKED = {
    "clip_timeline": "clip_rows",
    "moments_of": "moments",
    **dict.fromkeys(("AnalysedPicture", "analyse_picture", "store_picture"), "picture"),
    **dict.fromkeys(("discard_of_ended_runs", "store_recordings"), "uploads"),
}
"""Name -> the module of this room that has it."""

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


def __getattr__(name: str) -> Any:
    if name not in _WHEN_ASKED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHEN_ASKED[name]}"), name)
