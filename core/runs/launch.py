"""Starting the process that does a run."""

from __future__ import annotations

import os
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
from core.runs import lease
from core.runs.folder import RunFolder, create, find
from core.runs.follow import look
from core.runs.status import is_alive
from core.runs.turns import lane_of, line_up, step_out
from core.storage.settings import PROJECT_DIR

WORKER_ENVIRONMENT = {
    # glibc gives freed memory back and asks for it again hundreds of times in a training step; told
    # not to, training was 28 % faster on one machine, up to 3 % on another. Others ignore it.
    "GLIBC_TUNABLES": "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000:"
    "glibc.malloc.top_pad=268435456:glibc.malloc.hugetlb=1",
    # TensorFlow uses oneDNN by itself only where the processor has AVX-512 or more; with AVX2 alone
    # training is a quarter faster with it. Others ignore it.
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
"""What a worker's process starts with, where the one who starts it has not set it otherwise."""

NO_TURN = "--no-turn"
"""Before the folder: the worker waits for nobody and takes no slot; whoever starts it has one."""

# Ctrl+C in the server's terminal must not reach the worker. Windows has groups, and no sessions.
APART: dict[str, Any] = {"start_new_session": True}
"""How a process is started that outlives whoever starts it."""
if sys.platform == "win32":
    APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}

WORKER = (sys.executable, "-m", "core.worker")
WORKER_WITHOUT_TURN = (*WORKER, NO_TURN)


def start(
    runs_dir: Path,
    kind: str,
    plan: Mapping[str, Any],
    *,
    now: datetime,
    rng: np.random.Generator,
) -> str:
    """Make a run and start its worker; the run's name is the answer, at once.

    The worker waits for its turn where others are at work (`core.runs.turns`).

    Args:
        kind: a key of `core.worker.JOBS`.
        plan: plain values; the job checks them again.
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
        RunAlreadyActive: it is at work, waits for its turn or is just starting.
        RunError: the worker cannot be started, or it is complete: there is nothing to go on with.
    """
    folder = find(runs_dir, run_id)
    if is_alive(folder, now=datetime.now(UTC)):
        raise _already_active(folder)
    if look(runs_dir, run_id, now=datetime.now(UTC)).status is RunStatus.COMPLETED:
        raise RunError(f"{run_id} is complete.", advice="Start a new run to do it again.")
    folder.cancel.unlink(missing_ok=True)
    launch(folder, command)


def launch(folder: RunFolder, command: tuple[str, ...] = WORKER) -> subprocess.Popen[bytes]:
    """Start a worker on a folder: a fresh interpreter, never a fork, in a process group of its own.

    TensorFlow and forked threads do not mix, and the worker must outlive the server.

    Args:
        command: the worker's command; the folder is appended. `WORKER_WITHOUT_TURN` is for a run
            that is part of another, which has its turn.
    Raises:
        UnknownRun: the plan is damaged.
        RunAlreadyActive: a worker is at work on this folder.
        RunError: the process cannot be started.
    """
    if lease.is_held(folder.lease):
        raise _already_active(folder)
    kind, _, _ = folder.read_plan()
    lane = lane_of(folder.path.parent, kind)
    try:
        folder.mark_launched(time_ns())
        if NO_TURN not in command:
            line_up(folder, lane)
        worker = _process(folder, command)
    except OSError as error:
        step_out(folder, lane)
        raise RunError(
            f"The worker of {folder.id} cannot be started: {error.strerror or error}.",
            advice="Check free memory and disk space, then resume the run.",
        ) from error
    # Somebody has to wait for a child, or it stays in the process table when it is done.
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
            **APART,
        )


def _already_active(folder: RunFolder) -> RunAlreadyActive:
    return RunAlreadyActive(
        f"{folder.id} is under way already.", advice="Wait for it to end, or cancel it first."
    )
