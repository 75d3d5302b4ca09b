"""The life of a long job: folder, journal, lease, turn, launch, follow, cancel, notes, delete."""

from core.jobs.control import (
    WORKER,
    WORKER_WITHOUT_TURN,
    cancel,
    delete,
    force_stop,
    launch,
    resume,
    start,
)
from core.jobs.job_context import JobPlace, RunCancelled, plan_from
from core.jobs.monitor import RunMemory, all_runs, console_tail, follow, look, newest_under_way
from core.jobs.progress import waiting_sentence
from core.jobs.run_folder.folder import RunFolder, find
from core.jobs.run_folder.journal import Journal, read_events
from core.jobs.run_folder.lease import Lease, is_held
from core.jobs.run_folder.notes import Notes, annotate

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
