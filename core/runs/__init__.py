"""The life of a long job: folder, journal, lease, turn, launch, follow, cancel, notes, delete."""

from core.runs.cancel import cancel, force_stop
from core.runs.folder import RunFolder, find
from core.runs.follow import all_runs, console_tail, follow, look, newest_under_way
from core.runs.follower import RunMemory
from core.runs.journal import Journal, read_events
from core.runs.launch import WORKER, WORKER_WITHOUT_TURN, launch, resume, start
from core.runs.lease import Lease, is_held
from core.runs.notes import Notes, annotate
from core.runs.place import JobPlace, RunCancelled
from core.runs.plans import plan_from
from core.runs.progress import waiting_sentence
from core.runs.remove import delete

__all__ = [
    "WORKER",
    "WORKER_WITHOUT_TURN",
    "JobPlace",
    "Journal",
    "Lease",
    "Notes",
    "RunCancelled",
    "RunFolder",
    "RunMemory",
    "all_runs",
    "annotate",
    "cancel",
    "console_tail",
    "delete",
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
    "waiting_sentence",
]
