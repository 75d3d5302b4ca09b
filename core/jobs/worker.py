"""Entry point of the child process: `python -m core.jobs.worker [--no-slot] RUN_FOLDER`.

A queued worker is small: nothing heavy is imported here.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from pkgutil import resolve_name
from types import FrameType
from typing import Any

from core.domain import Finished, RunStatus, Started
from core.domain.errors import MienError, StoreError, UnclearColumns, UnmappedLabels
from core.jobs.control import NO_SLOT
from core.jobs.database_refusal import REFUSED, is_refusal
from core.jobs.job_context import JobContext, RunCancelled
from core.jobs.job_queue import hold_slot, leave_queue, queue_path
from core.jobs.resources import ResourceReporter
from core.jobs.resumable import UNREADABLE, is_unreadable
from core.jobs.run_folder.folder import RunFolder
from core.jobs.run_folder.journal import Journal
from core.jobs.run_folder.lease import Lease
from core.settings import Settings
from core.storage.corrupt_data import is_disk_full

JOBS: Mapping[str, str] = {
    "train": "core.training.job:run",
    "analyse": "core.recordings.job:run",
    "open_dataset": "core.datasets.catalogue.open_job:run",
    "audit": "core.datasets.audit.audit_job:run",
    "prepare": "core.datasets.report.report_job:run",
    "faces": "core.datasets.face_extraction.job:run",
    "preview": "core.training.monitoring.preview_job:run",
    "sweep": "core.training.sweeps.job:run",
    "import_model": "core.conversion.importing.job:run",
    "evaluate": "core.evaluation.evaluator.job:run",
    "convert": "core.conversion.job:run",
    "explain": "core.evaluation.explain.job:run",
    "conditions": "core.evaluation.robustness.job:run",
}
"""Kind of run -> module and function, imported only when needed: TensorFlow is slow to import."""

CLEANUPS: Mapping[str, str] = {
    "analyse": "core.recordings.uploads:discard_uploads",
    "import_model": "core.conversion.importing.upload:discard_model_upload",
}
"""Kind of run -> what is called when it is over, whatever its outcome, also from the queue.

Not where the session database refused: the upload is needed to resume.
"""

REPORTED_VERSIONS = (
    *("tensorflow-cpu", "tensorflow", "keras"),
    *("mediapipe", "ai-edge-litert", "numpy"),
)
EXIT_CODES = {RunStatus.COMPLETED: 0, RunStatus.FAILED: 1, RunStatus.CANCELLED: 3}
EXIT_HELD = 4

Job = Callable[[Mapping[str, Any], JobContext], dict[str, str]]

_log = logging.getLogger(__name__)


def main(folder_path: str, jobs: Mapping[str, str] = JOBS, *, takes_slot: bool = True) -> int:
    """Execute the run in this folder; the exit code says how it ended.

    Args:
        takes_slot: queue for a slot and work in it; False for a run that is part of another.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    folder = RunFolder(Path(folder_path).resolve())
    if not folder.path.is_dir():
        _log.error("there is no folder %s", folder.path)
        return EXIT_CODES[RunStatus.FAILED]
    stop_request = _StopRequest(folder.cancel)
    signal.signal(signal.SIGTERM, stop_request.on_signal)
    lease = Lease(folder.lease)
    if not lease.take():
        _log.error("another worker is at work on %s", folder.id)
        return EXIT_HELD
    try:
        settings = Settings.from_environment(os.environ)
        journal = Journal(folder.events, clock=_now)
        context = JobContext(folder.path, journal, stop_request, settings, _now)
        with ExitStack() as slot:  # released after the last event, so that runs never overlap
            finished = _work(context, jobs, slot if takes_slot else None)
            journal.append(finished)
        return EXIT_CODES[finished.outcome]
    finally:
        lease.release()


def _work(context: JobContext, jobs: Mapping[str, str], slot: ExitStack | None) -> Finished:
    folder, kind = RunFolder(context.folder), ""
    try:
        kind, plan, _ = folder.read_plan()
        with _cleaned_up(kind, plan, context.settings):
            if slot is None:
                leave_queue(folder, queue_path(folder.path.parent, kind))
            else:
                slot.enter_context(hold_slot(kind, context))
            context.journal.append(Started(os.getpid(), _versions()))
            job = _job(kind, jobs)
            with ResourceReporter(context.journal.append):
                return Finished(RunStatus.COMPLETED, result=job(plan, context))
    except RunCancelled:
        return Finished(RunStatus.CANCELLED)
    # The last safety net of the process: whatever happened, the journal says so.
    except Exception as error:  # noqa: BLE001
        _log.exception("the run failed")
        return _failure(error, kind)


@contextmanager
def _cleaned_up(kind: str, plan: Mapping[str, Any], settings: Settings) -> Iterator[None]:
    """Run the clean-up of this kind of run, whatever happens in between."""
    refused = False
    try:
        yield
    except StoreError as error:
        refused = is_refusal(error)
        raise
    finally:
        if kind in CLEANUPS and not refused:
            resolve_name(CLEANUPS[kind])(settings, plan)


def _job(kind: str, jobs: Mapping[str, str]) -> Job:
    if kind not in jobs:
        raise MienError(
            f"Nobody here knows how to {kind!r}.", advice=f"Known: {', '.join(sorted(jobs))}."
        )
    gc.disable()  # imports leave no garbage, and looking for it is an eighth of their time
    try:
        job: Job = resolve_name(jobs[kind])
    finally:
        gc.enable()
    return job


def _failure(error: Exception, kind: str) -> Finished:
    if isinstance(error, UnmappedLabels):
        # The page asks what these labels mean, and starts the job again.
        labels = {"labels": json.dumps(error.labels)}
        return Finished(RunStatus.FAILED, error.message, error.advice, result=labels)
    if isinstance(error, UnclearColumns):
        table = json.dumps({"columns": error.columns, "rows": error.rows})
        return Finished(RunStatus.FAILED, error.message, error.advice, result={"table": table})
    if isinstance(error, MienError):
        result = dict(REFUSED) if is_refusal(error) else {}
        result |= UNREADABLE if is_unreadable(kind, error) else {}
        return Finished(RunStatus.FAILED, error.message, error.advice, result=result)
    if is_disk_full(error):
        message, advice = "The disk is full.", "Free some space, then resume the run."
    elif isinstance(error, MemoryError):
        message, advice = "The memory is full.", "Close other programs, then resume the run."
    else:
        message = f"Something unexpected happened ({type(error).__name__}: {error})."
        advice = "The details are in the run's console.log; resuming may help."
    return Finished(RunStatus.FAILED, error=message, advice=advice)


class _StopRequest:
    """True once a stop was requested: by the cancel file or by SIGTERM.

    Args:
        cancel: the file whose presence is the request.
    """

    def __init__(self, cancel: Path) -> None:
        self._cancel = cancel
        self._signalled = False

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Remember a SIGTERM; the job ends its step first."""
        self._signalled = True

    def __call__(self) -> bool:
        return self._signalled or self._cancel.exists()


def _versions() -> dict[str, str]:
    found = {"python": sys.version.split()[0]}
    for name in REPORTED_VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _now() -> datetime:
    return datetime.now(UTC)


def command(arguments: Sequence[str], jobs: Mapping[str, str] = JOBS) -> int:
    """The command line: the folder of a run, and before it perhaps `--no-slot`."""
    parser = ArgumentParser(prog="python -m core.jobs.worker", description="Do one run.")
    # A sweep that was started by an earlier version gives the option's earlier name.
    names = (NO_SLOT, "--no-turn")
    parser.add_argument(*names, action="store_true", help="Wait for nobody and take no slot.")
    parser.add_argument("folder", help="The run's.")
    parsed = parser.parse_args(arguments)
    return main(parsed.folder, jobs, takes_slot=not parsed.no_slot)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
