"""Deleting a run."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from core.domain.errors import RunAlreadyActive, RunError
from core.runs.folder import HIDDEN, find
from core.runs.status import is_alive
from core.storage.own_files import discard_ours

DELETED = f"{HIDDEN}deleted-"

_log = logging.getLogger(__name__)


def delete(runs_dir: Path, run_id: str, *, now: datetime) -> None:
    """Remove a run with its checkpoint and its journal; the models it made stay on their shelf.

    The folder first takes a name that is no run's, so that a deletion that is cut off leaves
    nothing that looks like a run; what it left is removed by the next one.

    Raises:
        UnknownRun: there is none of that name.
        RunAlreadyActive: it is at work, waits for its turn or is just starting.
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
