"""The child process's front door: `python -m core.jobs.worker [--no-turn] RUN_FOLDER`.

Until its turn has come a worker is small: nothing heavy is imported here.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import sleep
from types import FrameType
from typing import Any

from core.domain import Finished, RunStatus, Started, Waiting
from core.domain.errors import MienError, StoreError, UnclearColumns, UnmappedLabels
from core.jobs.control import NO_TURN
from core.jobs.job_context import JobContext, RunCancelled
from core.jobs.job_queue import TRAINING_KINDS, QueueTicket, leave_queue, queue_of
from core.jobs.refusal import REFUSED, is_refusal
from core.jobs.resources import ResourceReporter
from core.jobs.run_folder.folder import RunFolder
from core.jobs.run_folder.journal import Journal
from core.jobs.run_folder.lease import Lease
from core.storage.corrupt_data import is_disk_full
from core.storage.settings import Settings

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
"""Kind of run -> module and function, imported only when needed: TensorFlow is slow to wake."""

AFTERWARDS: Mapping[str, str] = {
    "analyse": "core.recordings.uploads:discard_uploads",
    "import_model": "core.conversion.importing.upload:discard_model_upload",
}
"""Kind of run -> what is done when it is over, whatever became of it, also before its turn came.

Not where the session database refused: what was uploaded is needed to go on.
"""

TOLD_VERSIONS = (
    *("tensorflow-cpu", "tensorflow", "keras"),
    *("mediapipe", "ai-edge-litert", "numpy"),
)
EXIT_CODES = {RunStatus.COMPLETED: 0, RunStatus.FAILED: 1, RunStatus.CANCELLED: 3}
EXIT_HELD = 4
LOOK_EVERY_S = 0.5
"""While waiting: a look costs a fraction of a millisecond, and nobody notices half a second."""

Job = Callable[[Mapping[str, Any], JobContext], dict[str, str]]

_log = logging.getLogger(__name__)


def main(folder_path: str, jobs: Mapping[str, str] = JOBS, *, takes_turn: bool = True) -> int:
    """Do the run in this folder; the exit code says how it ended.

    Args:
        takes_turn: wait in line for a slot and work in it; False for a run that is part of another.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    folder = RunFolder(Path(folder_path).resolve())
    if not folder.path.is_dir():
        _log.error("there is no folder %s", folder.path)
        return EXIT_CODES[RunStatus.FAILED]
    asked = _StopRequest(folder.cancel)
    signal.signal(signal.SIGTERM, asked.on_signal)
    lease = Lease(folder.lease)
    if not lease.take():
        _log.error("another worker is at work on %s", folder.id)
        return EXIT_HELD
    try:
        settings = Settings.from_environment(os.environ)
        journal = Journal(folder.events, clock=_now)
        place = JobContext(folder.path, journal, asked, settings, _now)
        with ExitStack() as turn:  # given back after the last word, so that runs never overlap
            finished = _work(place, jobs, turn if takes_turn else None)
            journal.append(finished)
        return EXIT_CODES[finished.outcome]
    finally:
        lease.release()


def _work(place: JobContext, jobs: Mapping[str, str], turn: ExitStack | None) -> Finished:
    folder = RunFolder(place.folder)
    try:
        kind, plan, _ = folder.read_plan()
        with _afterwards(kind, plan, place.settings):
            if turn is None:
                leave_queue(folder, queue_of(folder.path.parent, kind))
            else:
                turn.enter_context(_turn_of(kind, place))
            place.journal.append(Started(os.getpid(), _versions()))
            job = _job(kind, jobs)
            with ResourceReporter(place.journal.append):
                return Finished(RunStatus.COMPLETED, result=job(plan, place))
    except RunCancelled:
        return Finished(RunStatus.CANCELLED)
    # The child's last safety net: whatever happened, the person who watches is told.
    except Exception as error:  # noqa: BLE001
        _log.exception("the run failed")
        return _failure(error)


@contextmanager
def _afterwards(kind: str, plan: Mapping[str, Any], settings: Settings) -> Iterator[None]:
    """Do what belongs to the end of a run of this kind, whatever happens in between."""
    refused = False
    try:
        yield
    except StoreError as error:
        refused = is_refusal(error)
        raise
    finally:
        if kind in AFTERWARDS and not refused:
            module, function = AFTERWARDS[kind].split(":")
            getattr(import_module(module), function)(settings, plan)


@contextmanager
def _turn_of(kind: str, place: JobContext) -> Iterator[None]:
    """Wait in line, telling behind whom; then hold the slot."""
    slots = place.settings.training_slots() if kind in TRAINING_KINDS else 1
    lane = queue_of(place.folder.parent, kind, training_slots=slots)
    turn, told = QueueTicket(RunFolder(place.folder), lane, clock=place.clock), None
    try:
        while not turn.has_come():
            if turn.behind != told:
                place.journal.append(Waiting(turn.behind))
                told = turn.behind
            sleep(LOOK_EVERY_S)
            if place.stop_requested():
                raise RunCancelled
        yield
    finally:
        turn.leave()


def _job(kind: str, jobs: Mapping[str, str]) -> Job:
    if kind not in jobs:
        raise MienError(
            f"Nobody here knows how to {kind!r}.", advice=f"Known: {', '.join(sorted(jobs))}."
        )
    module, function = jobs[kind].split(":")
    job: Job = getattr(import_module(module), function)
    return job


def _failure(error: Exception) -> Finished:
    if isinstance(error, UnmappedLabels):
        # Whoever asked can say what they stand for, and ask again.
        labels = {"labels": json.dumps(error.labels)}
        return Finished(RunStatus.FAILED, error.message, error.advice, result=labels)
    if isinstance(error, UnclearColumns):
        table = json.dumps({"columns": error.columns, "rows": error.rows})
        return Finished(RunStatus.FAILED, error.message, error.advice, result={"table": table})
    if isinstance(error, MienError):
        result = dict(REFUSED) if is_refusal(error) else {}
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
    """True once somebody asked to stop: by the cancel file or by SIGTERM.

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
    for name in TOLD_VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _now() -> datetime:
    return datetime.now(UTC)


def command(arguments: Sequence[str], jobs: Mapping[str, str] = JOBS) -> int:
    """What was typed: the folder of a run, and before it perhaps `--no-turn`."""
    parser = ArgumentParser(prog="python -m core.jobs.worker", description="Do one run.")
    parser.add_argument(NO_TURN, action="store_true", help="Wait for nobody and take no slot.")
    parser.add_argument("folder", help="The run's.")
    typed = parser.parse_args(arguments)
    return main(typed.folder, jobs, takes_turn=not typed.no_turn)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
