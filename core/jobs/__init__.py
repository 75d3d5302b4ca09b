"""Background jobs: run folder, journal, lease, queue, launch, follow, cancel, notes, delete."""

from core.jobs import terminal
from core.jobs.control import (
    DETACHED,
    WORKER,
    WORKER_ENVIRONMENT,
    WORKER_WITHOUT_SLOT,
    cancel,
    delete,
    force_stop,
    launch,
    resume,
    start,
)
from core.jobs.database_refusal import is_refusal, was_refused
from core.jobs.job_context import (
    REPORT_EVERY_S,
    JobContext,
    ProgressReporter,
    RunCancelled,
)
from core.jobs.job_queue import TRAINING_KINDS
from core.jobs.monitor import (
    RunCache,
    all_runs,
    console_tail,
    follow,
    is_alive,
    newest_active,
    read_run,
)
from core.jobs.plan import CHANGED, Plan
from core.jobs.progress import waiting_sentence
from core.jobs.resumable import QUESTIONS, can_resume
from core.jobs.run_folder.folder import RunFolder, find
from core.jobs.run_folder.journal import Journal, read_events
from core.jobs.run_folder.lease import Lease, is_held
from core.jobs.run_folder.notes import Notes, annotate

__all__ = [
    "CHANGED",
    "DETACHED",
    "QUESTIONS",
    "REPORT_EVERY_S",
    "TRAINING_KINDS",
    "WORKER",
    "WORKER_ENVIRONMENT",
    "WORKER_WITHOUT_SLOT",
    "JobContext",
    "Journal",
    "Lease",
    "Notes",
    "Plan",
    "ProgressReporter",
    "RunCache",
    "RunCancelled",
    "RunFolder",
    "all_runs",
    "annotate",
    "can_resume",
    "cancel",
    "console_tail",
    "delete",
    "find",
    "follow",
    "force_stop",
    "is_alive",
    "is_held",
    "is_refusal",
    "launch",
    "newest_active",
    "read_events",
    "read_run",
    "resume",
    "start",
    "terminal",
    "waiting_sentence",
    "was_refused",
]
