"""The child process's front door: `python -m core.worker RUN_FOLDER`."""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType
from typing import Any

from core.errors import MienError, RunAlreadyActive, UnmappedLabels
from core.runs import JobPlace, Journal, Lease, RunCancelled, RunFolder
from core.runs.folder import BUSY_LOCK
from core.settings import Settings
from core.vocabulary import Finished, RunStatus, Started

JOBS: Mapping[str, str] = {
    "train": "core.training.job:run",
    "analyse": "core.recordings.job:run",
    "open_dataset": "core.preparation.open_job:run",
    "audit": "core.preparation.audit_job:run",
    "prepare": "core.preparation.prepare_job:run",
    "faces": "core.faces.job:run",
}
"""Kind of run -> module and function, imported only when needed: TensorFlow is slow to wake."""

TOLD_VERSIONS = (
    *("tensorflow-cpu", "tensorflow", "keras"),
    *("mediapipe", "ai-edge-litert", "numpy"),
)
EXIT_CODES = {RunStatus.COMPLETED: 0, RunStatus.FAILED: 1, RunStatus.CANCELLED: 3}
EXIT_HELD = 4

Job = Callable[[Mapping[str, Any], JobPlace], dict[str, str]]

_log = logging.getLogger(__name__)


def main(folder_path: str, jobs: Mapping[str, str] = JOBS) -> int:
    """Do the run in this folder; the exit code says how it ended."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    folder = RunFolder(Path(folder_path).resolve())
    lease = Lease(folder.lease)
    if not lease.take():
        _log.error("another worker is at work on %s", folder.id)
        return EXIT_HELD
    try:
        journal = Journal(folder.events, clock=_now)
        finished = _work(folder, journal, jobs)
        journal.append(finished)
        return EXIT_CODES[finished.outcome]
    finally:
        lease.release()


def _work(folder: RunFolder, journal: Journal, jobs: Mapping[str, str]) -> Finished:
    busy = Lease(folder.path.parent / BUSY_LOCK)
    asked = _StopRequest(folder.cancel)
    signal.signal(signal.SIGTERM, asked.on_signal)
    try:
        journal.append(Started(os.getpid(), _versions()))
        _expect(busy.take())
        kind, plan, _ = folder.read_plan()
        settings = Settings.from_environment(os.environ)
        place = JobPlace(folder.path, journal, asked, settings, _now)
        return Finished(RunStatus.COMPLETED, result=_job(kind, jobs)(plan, place))
    except RunCancelled:
        return Finished(RunStatus.CANCELLED)
    # The child's last safety net: whatever happened, the person who watches is told.
    except Exception as error:  # noqa: BLE001
        _log.exception("the run failed")
        return _failure(error)
    finally:
        busy.release()


def _expect(idle: bool) -> None:
    if not idle:
        raise RunAlreadyActive(
            "Another run is under way.", advice="Resume this one when it has ended."
        )


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
    if isinstance(error, MienError):
        return Finished(RunStatus.FAILED, error=error.message, advice=error.advice)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
