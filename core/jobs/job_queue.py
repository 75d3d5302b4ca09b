"""Whose turn it is: every start succeeds, and those that find no room wait in line.

Runs line up in lanes: trainings in one, everything else in another, so that an audit need not wait
for a training of two hours. A lane has so many slots: files whose lock a worker holds as long as it
works. A worker that waits has a ticket in the lane's folder, named after the moment it was started;
only the first in line tries the slots, so nobody is overtaken for ever. The ticket of a worker that
is gone counts for nothing and is thrown away by whoever sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.jobs.run_folder import lease
from core.jobs.run_folder.folder import RunFolder
from core.jobs.run_folder.lease import Lease
from core.storage.atomic import changed_ns

TRAINING_KINDS = frozenset({"train", "sweep"})
"""Kinds of runs that fill the machine for hours."""

QUEUE_DIR = ".turns"
"""In the folder of all runs: one folder for each lane."""

WAKES_WITHIN_S = 10.0
"""Who was started this short a time ago keeps the place in line while still waking up.

Two runs started one after the other then begin in that order, whichever process wakes first.
"""

_SLOT, _NS, _NS_DIGITS = "slot-", 1e9, 20


@dataclass(frozen=True)
class JobQueue:
    """Where runs of some kinds line up.

    Attributes:
        path: its folder.
        slots: how many may work at a time.
    """

    path: Path
    slots: int = 1


def queue_of(runs_dir: Path, kind: str, *, training_slots: int = 1) -> JobQueue:
    """Where runs of a kind line up."""
    if kind in TRAINING_KINDS:
        return JobQueue(runs_dir / QUEUE_DIR / "training", training_slots)
    return JobQueue(runs_dir / QUEUE_DIR / "other")


@dataclass(frozen=True, order=True)
class _Ticket:
    """A place in line: earlier ones go first.

    Attributes:
        launched_ns: when the worker was started, in nanoseconds since 1970.
        run_id: whose.
    """

    launched_ns: int
    run_id: str

    def path_in(self, lane: JobQueue) -> Path:
        return lane.path / f"{self.launched_ns:0{_NS_DIGITS}d}.{self.run_id}"


def enqueue(folder: RunFolder, lane: JobQueue) -> None:
    """Draw a ticket for a run, as of its launch; drawing it again changes nothing.

    Raises:
        OSError: the disk refused.
    """
    lane.path.mkdir(parents=True, exist_ok=True)
    _Ticket(folder.launched_ns, folder.id).path_in(lane).touch()


def leave_queue(folder: RunFolder, lane: JobQueue) -> None:
    """Throw away every ticket of a run; an earlier worker may have left one."""
    for ticket in _tickets(lane):
        if ticket.run_id == folder.id:
            with suppress(OSError):  # then it is worth nothing all the same: the run has a slot
                ticket.path_in(lane).unlink()


class QueueTicket:
    """One worker's place in line, and then the slot it works in.

    Args:
        folder: of its run, whose lease it holds.
        lane: where it lines up.
        clock: the time now, aware.
    """

    def __init__(self, folder: RunFolder, lane: JobQueue, *, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._lane = lane
        self._clock = clock
        self._own = _Ticket(folder.launched_ns, folder.id)
        self._slot: Lease | None = None
        self.behind = ""
        """The run it waits for: the one before it in line, or one at work; empty if unknown."""

    def has_come(self) -> bool:
        """Whether it may work now. Costs a fraction of a millisecond; ask until it may.

        Raises:
            OSError: the disk refused.
        """
        if self._slot is not None:
            return True
        self._lane.path.mkdir(parents=True, exist_ok=True)
        self._own.path_in(self._lane).touch()
        at_work = self._at_work()
        before = [ticket for ticket in self._waiting(at_work) if ticket < self._own]
        if before:
            self.behind = max(before).run_id
        elif len(at_work) >= self._lane.slots or not self._take_a_slot():
            self.behind = min(filter(None, at_work), default="")
        else:
            leave_queue(self._folder, self._lane)
        return self._slot is not None

    def leave(self) -> None:
        """Give place and slot back; idempotent."""
        leave_queue(self._folder, self._lane)
        if self._slot is not None:
            self._slot.release()
            self._slot = None

    def _at_work(self) -> list[str]:
        """Runs in all slots, also in one that was there before somebody lowered their number."""
        slots = self._lane.path.glob(f"{_SLOT}*")
        return [lease.label_of(slot) for slot in slots if lease.is_held(slot)]

    def _waiting(self, at_work: Collection[str]) -> list[_Ticket]:
        """Tickets of other runs that are alive and have no slot yet."""
        found = []
        for ticket in _tickets(self._lane):
            if ticket.run_id == self._own.run_id or ticket.run_id in at_work:
                continue
            if self._is_alive(ticket):
                found.append(ticket)
            else:
                with suppress(OSError):
                    ticket.path_in(self._lane).unlink()
        return found

    def _is_alive(self, ticket: _Ticket) -> bool:
        folder = RunFolder(self._folder.path.parent / ticket.run_id)
        # The time before the lease: a worker that takes it in between is then seen as alive.
        took_lease_ns = changed_ns(folder.lease)
        if lease.is_held(folder.lease):
            return True
        woke_up = took_lease_ns is not None and took_lease_ns >= ticket.launched_ns
        age_s = self._clock().timestamp() - ticket.launched_ns / _NS
        return not woke_up and age_s < WAKES_WITHIN_S

    def _take_a_slot(self) -> bool:
        for number in range(1, self._lane.slots + 1):
            path = self._lane.path / f"{_SLOT}{number}"
            slot = Lease(path, label=self._folder.id)
            if not lease.is_held(path) and slot.take():
                self._slot = slot
                return True
        return False


def _tickets(lane: JobQueue) -> list[_Ticket]:
    try:
        names = [path.name.partition(".") for path in lane.path.iterdir()]
    except FileNotFoundError:
        return []
    return [
        _Ticket(int(launched_ns), run_id) for launched_ns, _, run_id in names if _is_ns(launched_ns)
    ]


def _is_ns(text: str) -> bool:
    return len(text) == _NS_DIGITS and text.isascii() and text.isdigit()
