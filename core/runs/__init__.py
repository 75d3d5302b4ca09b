"""The life of a long job: folder, journal, lease, launch, follow, cancel."""

from core.runs.cancel import cancel, force_stop
from core.runs.folder import RunFolder, find
from core.runs.follow import all_runs, console_tail, follow, look, newest_under_way
from core.runs.journal import Journal, read_events
from core.runs.launch import launch, resume, start
from core.runs.lease import Lease, is_held
from core.runs.place import JobPlace, RunCancelled
from core.runs.plans import plan_from

__all__ = [
    "JobPlace",
    "Journal",
    "Lease",
    "RunCancelled",
    "RunFolder",
    "all_runs",
    "cancel",
    "console_tail",
    "find",
    "follow",
    "force_stop",
    "is_held",
    "launch",
    "look",
    "newest_under_way",
    "plan_from",
    "read_events",
    "resume",
    "start",
]
