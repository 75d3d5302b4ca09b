"""Starting the process that does a run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from core.errors import RunAlreadyActive, RunError
from core.runs import lease
from core.runs.folder import BUSY_LOCK, RunFolder, create, find
from core.settings import PROJECT_DIR

# glibc gives freed memory back and asks for it again hundreds of times in a training step; told not
# to, training was 28 % faster. Other systems ignore the variable.
ALLOCATOR = (
    "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000:"
    "glibc.malloc.top_pad=268435456:glibc.malloc.hugetlb=1"
)
WORKER = (sys.executable, "-m", "core.worker")


def start(
    runs_dir: Path,
    kind: str,
    plan: Mapping[str, Any],
    *,
    now: datetime,
    rng: np.random.Generator,
) -> str:
    """Make a run and start its worker; the run's name is the answer, at once.

    Args:
        kind: a key of `core.worker.JOBS`.
        plan: plain values; the job checks them again.
    Raises:
        RunAlreadyActive: one job at a time, and one is running.
        RunError: the disk refused.
    """
    _expect_idle(runs_dir)
    folder = create(runs_dir, kind, plan, now=now, rng=rng)
    launch(folder)
    return folder.id


def resume(runs_dir: Path, run_id: str, *, command: tuple[str, ...] = WORKER) -> None:
    """Start a worker on a run that was lost, cancelled or failed; it goes on from its checkpoint.

    Args:
        command: the worker's; see `launch`.
    Raises:
        UnknownRun, RunAlreadyActive, RunError.
    """
    folder = find(runs_dir, run_id)
    _expect_idle(runs_dir)
    folder.cancel.unlink(missing_ok=True)
    launch(folder, command)


def launch(folder: RunFolder, command: tuple[str, ...] = WORKER) -> subprocess.Popen[bytes]:
    """Start a worker on a folder: a fresh interpreter, never a fork, in a process group of its own.

    TensorFlow and forked threads do not mix, and the worker must outlive the server.

    Args:
        command: the worker's command; the folder is appended.
    Raises:
        RunError: the process cannot be started.
    """
    environment = {"GLIBC_TUNABLES": ALLOCATOR, "TF_CPP_MIN_LOG_LEVEL": "2", **os.environ}
    try:
        folder.launched.touch()
        with folder.console.open("ab") as console:
            worker = subprocess.Popen(
                [*command, str(folder.path)],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
                cwd=PROJECT_DIR,
                env=environment,
            )
        # Somebody has to wait for a child, or it stays in the process table when it is done.
        Thread(target=worker.wait, name=f"reap {folder.id}", daemon=True).start()
    except OSError as error:
        raise RunError(
            f"The worker of {folder.id} cannot be started: {error.strerror or error}.",
            advice="Check free memory and disk space, then resume the run.",
        ) from error
    return worker


def _expect_idle(runs_dir: Path) -> None:
    if lease.is_held(runs_dir / BUSY_LOCK):
        raise RunAlreadyActive(
            "Another run is under way.", advice="Wait for it to end, or cancel it first."
        )
