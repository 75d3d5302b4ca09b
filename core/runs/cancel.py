"""Asking a run to stop, and making it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from core.domain.errors import RunError
from core.runs import lease
from core.runs.folder import find


def cancel(runs_dir: Path, run_id: str) -> None:
    """Ask politely: the job ends its step and keeps its checkpoint. Asking twice changes nothing.

    Raises:
        UnknownRun: there is none of that name.
    """
    find(runs_dir, run_id).cancel.touch()


def force_stop(runs_dir: Path, run_id: str, *, kill: bool = False) -> bool:
    """Stop the worker's process, but only while it holds the run's lease.

    Args:
        kill: do not even let it say goodbye. One that was asked to cancel, and has not, is never
            asked again.
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
