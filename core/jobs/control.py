"""Starting, resuming, cancelling and deleting a run."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from time import time_ns
from typing import Any

import numpy as np

from core.domain import RunStatus
from core.domain.errors import RunAlreadyActive, RunError
from core.jobs.job_queue import enqueue, leave_queue, queue_path
from core.jobs.monitor import is_alive, read_run
from core.jobs.run_folder import lease
from core.jobs.run_folder.folder import HIDDEN, RunFolder, create, find
from core.settings import PROJECT_DIR
from core.storage.own_files import discard_ours

WORKER_ENVIRONMENT = {
    # glibc returns freed memory and allocates it again hundreds of times in a training step;
    # without that, training was 28 % faster on one machine, up to 3 % on another. Others ignore it.
    "GLIBC_TUNABLES": "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000:"
    "glibc.malloc.top_pad=268435456:glibc.malloc.hugetlb=1",
    # TensorFlow uses oneDNN by itself only where the processor has AVX-512 or more; with AVX2 alone
    # training is a quarter faster with it. Others ignore it.
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
"""Environment of a worker's process, unless set otherwise by its parent."""

NO_SLOT = "--no-slot"
"""Option before the folder: the worker does not queue and takes no slot; its parent has one."""

# Ctrl+C in the server's terminal must not reach the worker. Windows has groups, and no sessions.
DETACHED: dict[str, Any] = {"start_new_session": True}
"""`Popen` arguments for a process that outlives its parent."""
if sys.platform == "win32":
    DETACHED = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}

WORKER = (sys.executable, "-m", "core.jobs.worker")
WORKER_WITHOUT_SLOT = (*WORKER, NO_SLOT)


def start(
    runs_dir: Path,
    kind: str,
    plan: Mapping[str, Any],
    *,
    now: datetime,
    rng: np.random.Generator,
) -> str:
    """Create a run, start its worker and return the run's id at once.

    The worker queues while others are at work (`core.jobs.job_queue`).

    Args:
        kind: a key of `core.jobs.worker.JOBS`.
        plan: JSON values; the job validates them again.
    Raises:
        RunError: the disk refused.
    """
    folder = create(runs_dir, kind, plan, now=now, rng=rng)
    launch(folder)
    return folder.id


def resume(runs_dir: Path, run_id: str, *, command: tuple[str, ...] = WORKER) -> None:
    """Start a worker on a run that was lost, cancelled or failed; it goes on from its checkpoint.

    Args:
        command: the worker's; see `launch`.
    Raises:
        UnknownRun: there is none of that name, or its plan is damaged.
        RunAlreadyActive: it is running, queued or starting.
        RunError: the worker cannot be started, or the run is complete.
    """
    folder = find(runs_dir, run_id)
    if is_alive(folder, now=datetime.now(UTC)):
        raise _already_active(folder)
    if read_run(runs_dir, run_id, now=datetime.now(UTC)).status is RunStatus.COMPLETED:
        raise RunError(f"{run_id} is complete.", advice="Start a new run to do it again.")
    folder.cancel.unlink(missing_ok=True)
    launch(folder, command)


def launch(folder: RunFolder, command: tuple[str, ...] = WORKER) -> subprocess.Popen[bytes]:
    """Start a worker on a folder: a fresh interpreter, never a fork, in its own process group.

    TensorFlow and forked threads do not mix, and the worker must outlive the server.

    Args:
        command: the worker's command; the folder is appended. `WORKER_WITHOUT_SLOT` is for a run
            that is part of another, which has a slot.
    Raises:
        UnknownRun: the plan is damaged.
        RunAlreadyActive: a worker is at work on this folder.
        RunError: the process cannot be started.
    """
    if lease.is_held(folder.lease):
        raise _already_active(folder)
    kind, _, _ = folder.read_plan()
    queue = queue_path(folder.path.parent, kind)
    try:
        folder.mark_launched(time_ns())
        if NO_SLOT not in command:
            enqueue(folder, queue)
        worker = _process(folder, command)
    except OSError as error:
        leave_queue(folder, queue)
        raise RunError(
            f"The worker of {folder.id} cannot be started: {error.strerror or error}.",
            advice="Check free memory and disk space, then resume the run.",
        ) from error
    # A child nobody waits for stays in the process table as a zombie.
    Thread(target=worker.wait, name=f"reap {folder.id}", daemon=True).start()
    return worker


def _process(folder: RunFolder, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    with folder.console.open("ab") as console:
        return subprocess.Popen(
            [*command, str(folder.path)],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            cwd=PROJECT_DIR,
            env={**WORKER_ENVIRONMENT, **os.environ},
            **DETACHED,
        )


def _already_active(folder: RunFolder) -> RunAlreadyActive:
    return RunAlreadyActive(
        f"{folder.id} is under way already.", advice="Wait for it to end, or cancel it first."
    )


DELETED = f"{HIDDEN}deleted-"

_log = logging.getLogger(__name__)


def delete(runs_dir: Path, run_id: str, *, now: datetime) -> None:
    """Delete a run with its checkpoint and its journal; models it registered stay.

    The folder is renamed first, so that an interrupted deletion leaves nothing that looks like a
    run; the next deletion removes the rest.

    Raises:
        UnknownRun: there is none of that name.
        RunAlreadyActive: it is running, queued or starting.
        RunError: the disk refused.
    """
    folder = find(runs_dir, run_id)
    if is_alive(folder, now=now):
        raise RunAlreadyActive(
            f"{run_id} is under way and cannot be deleted.",
            advice="Cancel it first, and wait until it has ended.",
        )
    try:
        folder.path.rename(runs_dir / f"{DELETED}{run_id}-{now.timestamp():.6f}")
    except OSError as error:
        raise RunError(
            f"{run_id} cannot be deleted: {error.strerror or error}.",
            advice=f"Check that {runs_dir} can be written.",
        ) from error
    for left in runs_dir.glob(f"{DELETED}*"):
        discard_ours(left, within=runs_dir)
        if left.exists():
            _log.warning("%s could not be removed whole", left)


def cancel(runs_dir: Path, run_id: str) -> None:
    """Request a stop: the job ends its step and keeps its checkpoint. Idempotent.

    Raises:
        UnknownRun: there is none of that name.
    """
    find(runs_dir, run_id).cancel.touch()


def force_stop(runs_dir: Path, run_id: str, *, kill: bool = False) -> bool:
    """Stop the worker's process, but only while it holds the run's lease.

    Args:
        kill: send SIGKILL. A worker that was asked to cancel, and has not, is always killed.
    Returns:
        Whether there was a worker to stop.
    Raises:
        UnknownRun: there is none of that name.
        RunError: the system did not allow it.
    """
    folder = find(runs_dir, run_id)
    worker = lease.holder(folder.lease)
    if worker is None:
        return False
    # SIGKILL does not exist on Windows, where SIGTERM ends a process as hard.
    hard = getattr(signal, "SIGKILL", signal.SIGTERM)
    try:
        os.kill(worker, hard if kill or folder.cancel.exists() else signal.SIGTERM)
    except ProcessLookupError:
        return False
    except PermissionError as error:
        raise RunError(
            f"The worker of {run_id} belongs to somebody else.",
            advice="Ask whoever started it to stop it.",
        ) from error
    return True
