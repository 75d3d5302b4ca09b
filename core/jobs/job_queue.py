"""The queues of runs: every start succeeds, and runs that find no free slot wait.

There are two queues, one for trainings and one for everything else, so that an audit need not wait
for a training of two hours. A queue has a number of slots: files whose lock a worker holds as long
as it works. A waiting worker has an entry in the queue's folder, named after its start time; only
the oldest entry tries the slots (first in, first out). The entry of a worker that no longer lives
is ignored, and deleted by whoever sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import sleep

from core.domain import Waiting
from core.jobs.job_context import JobContext, RunCancelled
from core.jobs.run_folder import lease
from core.jobs.run_folder.folder import RunFolder
from core.jobs.run_folder.lease import Lease
from core.settings import Settings
from core.storage.atomic import modified_ns

TRAINING_KINDS = frozenset({"train", "sweep"})
"""Kinds of runs that fill the machine for hours."""

QUEUE_DIR = ".turns"
"""In the folder of all runs: one folder for each queue. Its name is as in earlier versions, whose
workers may still hold slots."""

STARTUP_GRACE_S = 10.0
"""How long a worker that was just started keeps its position while still starting up.

Two runs started one after the other then run in that order, whichever process is up first.
"""

POLL_INTERVAL_S = 0.5
"""While queued: a poll costs a fraction of a millisecond, and nobody notices half a second."""

_SLOT, _NS, _NS_DIGITS = "slot-", 1e9, 20


@dataclass(frozen=True)
class JobQueue:
    """The queue of some kinds of runs.

    Attributes:
        path: its folder.
        slots: how many may run at a time.
    """

    path: Path
    slots: int


def queue_path(runs_dir: Path, kind: str) -> Path:
    """The folder of the queue for runs of a kind: what entering and leaving it needs."""
    return runs_dir / QUEUE_DIR / ("training" if kind in TRAINING_KINDS else "other")


def queue_of(runs_dir: Path, kind: str, settings: Settings) -> JobQueue:
    """The queue for runs of a kind, with its slots: as many as set for trainings, else one.

    Raises:
        SettingsError: the number of trainings at a time is none.
    """
    slots = settings.training_slots() if kind in TRAINING_KINDS else 1
    return JobQueue(queue_path(runs_dir, kind), slots)


@dataclass(frozen=True, order=True)
class _QueueEntry:
    """A queue entry: an empty file named after a run and its start time; earlier ones go first.

    Attributes:
        launched_ns: when the worker was started, in nanoseconds since 1970.
        run_id: whose.
    """

    launched_ns: int
    run_id: str

    def path_in(self, queue: Path) -> Path:
        return queue / f"{self.launched_ns:0{_NS_DIGITS}d}.{self.run_id}"


def enqueue(folder: RunFolder, queue: Path) -> None:
    """Write a run's entry, as of its launch; idempotent.

    Args:
        queue: its folder, a `queue_path`.
    Raises:
        OSError: the disk refused.
    """
    queue.mkdir(parents=True, exist_ok=True)
    _QueueEntry(folder.launched_ns, folder.id).path_in(queue).touch()


def leave_queue(folder: RunFolder, queue: Path) -> None:
    """Delete every entry of a run; an earlier worker may have left one.

    Args:
        queue: its folder, a `queue_path`.
    """
    for entry in _entries(queue):
        if entry.run_id == folder.id:
            with suppress(OSError):  # an entry that stays is ignored: the run has a slot
                entry.path_in(queue).unlink()


@contextmanager
def hold_slot(kind: str, context: JobContext) -> Iterator[None]:
    """Wait in the queue for a slot, reporting behind which run; then hold it.

    Args:
        kind: of the run, as in its plan.
        context: of its worker, which holds its lease.
    Raises:
        RunCancelled: a stop was requested while it waited.
        SettingsError: the number of trainings at a time is none.
        OSError: the disk refused.
    """
    queue = queue_of(context.folder.parent, kind, context.settings)
    slot, reported = QueuedSlot(RunFolder(context.folder), queue, clock=context.clock), None
    try:
        while not slot.try_acquire():
            if slot.behind != reported:
                context.journal.append(Waiting(slot.behind))
                reported = slot.behind
            sleep(POLL_INTERVAL_S)
            if context.stop_requested():
                raise RunCancelled
        yield
    finally:
        slot.release()


class QueuedSlot:
    """The slot of one worker: waited for in the queue, then held.

    Args:
        folder: of its run, whose lease it holds.
        queue: the one it waits in.
        clock: the time now, aware.
    """

    def __init__(
        self, folder: RunFolder, queue: JobQueue, *, clock: Callable[[], datetime]
    ) -> None:
        self._folder = folder
        self._queue = queue
        self._clock = clock
        self._own = _QueueEntry(folder.launched_ns, folder.id)
        self._slot: Lease | None = None
        self.behind = ""
        """The run it waits for: the one before it, or one at work; empty if unknown."""

    def try_acquire(self) -> bool:
        """Take a slot if one is free and no earlier run waits; whether it has one. Poll until so.

        Raises:
            OSError: the disk refused.
        """
        if self._slot is not None:
            return True
        self._queue.path.mkdir(parents=True, exist_ok=True)
        self._own.path_in(self._queue.path).touch()
        at_work = self._at_work()
        before = [entry for entry in self._waiting(at_work) if entry < self._own]
        if before:
            self.behind = max(before).run_id
        elif len(at_work) >= self._queue.slots or not self._take_a_slot():
            self.behind = min(filter(None, at_work), default="")
        else:
            leave_queue(self._folder, self._queue.path)
        return self._slot is not None

    def release(self) -> None:
        """Leave the queue and give the slot back; idempotent."""
        leave_queue(self._folder, self._queue.path)
        if self._slot is not None:
            self._slot.release()
            self._slot = None

    def _at_work(self) -> list[str]:
        """Runs in all slots, also in surplus ones from before their number was lowered."""
        slots = self._queue.path.glob(f"{_SLOT}*")
        return [lease.label_of(slot) for slot in slots if lease.is_held(slot)]

    def _waiting(self, at_work: Collection[str]) -> list[_QueueEntry]:
        """Entries of other runs that are alive and have no slot yet."""
        found = []
        for entry in _entries(self._queue.path):
            if entry.run_id == self._own.run_id or entry.run_id in at_work:
                continue
            if self._is_alive(entry):
                found.append(entry)
            else:
                with suppress(OSError):
                    entry.path_in(self._queue.path).unlink()
        return found

    def _is_alive(self, entry: _QueueEntry) -> bool:
        folder = RunFolder(self._folder.path.parent / entry.run_id)
        # The time before the lease: a worker that takes it in between is then seen as alive.
        took_lease_ns = modified_ns(folder.lease)
        if lease.is_held(folder.lease):
            return True
        is_up = took_lease_ns is not None and took_lease_ns >= entry.launched_ns
        age_s = self._clock().timestamp() - entry.launched_ns / _NS
        return not is_up and age_s < STARTUP_GRACE_S

    def _take_a_slot(self) -> bool:
        for number in range(1, self._queue.slots + 1):
            path = self._queue.path / f"{_SLOT}{number}"
            slot = Lease(path, label=self._folder.id)
            if not lease.is_held(path) and slot.take():
                self._slot = slot
                return True
        return False


def _entries(queue: Path) -> list[_QueueEntry]:
    try:
        names = [path.name.partition(".") for path in queue.iterdir()]
    except FileNotFoundError:
        return []
    return [
        _QueueEntry(int(launched_ns), run_id)
        for launched_ns, _, run_id in names
        if _is_ns(launched_ns)
    ]


def _is_ns(text: str) -> bool:
    return len(text) == _NS_DIGITS and text.isascii() and text.isdigit()
