"""Where a run stands, derived from its folder each time."""

from __future__ import annotations

from datetime import datetime

from core.domain import Finished, RunStatus
from core.runs import lease
from core.runs.folder import RunFolder
from core.storage.atomic import changed_ns

STARTS_WITHIN_S = 30.0  # a cold import of TensorFlow took 10 s
_NS = 1e9


def status_of(
    folder: RunFolder,
    *,
    held: bool,
    waits: bool,
    finished: Finished | None,
    now: datetime,
) -> RunStatus:
    """Where a run stands.

    Args:
        held: whether a worker holds the lease; looked at before the journal was read, or a worker
            that ended in between would seem to have vanished without its last word.
        waits: whether the worker's last word is that it waits for its turn.
        finished: the last word of a worker that ended.
    """
    if held:
        if folder.cancel.exists():
            return RunStatus.CANCELLING
        return RunStatus.QUEUED if waits else RunStatus.RUNNING
    if is_starting(folder, now=now):
        return RunStatus.STARTING
    if finished is not None:
        return finished.outcome
    return RunStatus.LOST


def is_starting(folder: RunFolder, *, now: datetime) -> bool:
    """Whether a worker was just started, and has not spoken since."""
    spoke_ns = changed_ns(folder.events)
    silent = spoke_ns is None or spoke_ns < folder.launched_ns
    return silent and was_just_launched(folder, now=now)


def was_just_launched(folder: RunFolder, *, now: datetime) -> bool:
    """Whether a worker was started so short a time ago that it may still be waking up."""
    return now.timestamp() - folder.launched_ns / _NS < STARTS_WITHIN_S


def is_alive(folder: RunFolder, *, now: datetime) -> bool:
    """Whether a worker is at work on the run, waits for its turn, or is just waking up."""
    return lease.is_held(folder.lease) or is_starting(folder, now=now)
