"""Who is let in, with leases held by this process and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.jobs.job_queue import STARTUP_GRACE_S, JobQueue, QueuedSlot, enqueue, queue_of, queue_path
from core.jobs.run_folder.lease import Lease
from core.settings import Settings

LAUNCHED_AT = datetime(2026, 1, 21, 12, 0, tzinfo=UTC)
_NS = 10**9


@pytest.fixture
def waits(make, runs_dir):
    """A run that was launched so many seconds after the first one, and its slot."""
    held = []

    def wait(launched_s=0.0, *, slots=1, started=True, kind="train", clock_s=0.0):
        folder = make(kind)
        folder.mark_launched(int((LAUNCHED_AT.timestamp() + launched_s) * _NS))
        queue = JobQueue(queue_path(runs_dir, kind), slots)
        enqueue(folder, queue.path)
        if started:
            held.append(Lease(folder.lease))
            assert held[-1].take()
        slot = QueuedSlot(folder, queue, clock=lambda: LAUNCHED_AT + timedelta(seconds=clock_s))
        queued.append(slot)
        return folder, slot

    queued = []
    yield wait
    for slot in queued:
        slot.release()
    for lease in held:
        lease.release()


def test_the_first_to_be_launched_comes_first_whichever_polls_first(waits):
    (first, one), (_, other) = waits(0.0), waits(0.001)
    assert not other.try_acquire()
    assert other.behind == first.id
    assert one.try_acquire()
    assert one.try_acquire()
    one.release()
    one.release()
    assert other.try_acquire()


def test_runs_of_one_instant_have_an_order_all_the_same(waits):
    queued = [waits(0.0)[1] for _ in range(5)]
    came = [slot for slot in queued if slot.try_acquire()]
    assert len(came) == 1
    came[0].release()
    assert sum(slot.try_acquire() for slot in queued if slot is not came[0]) == 1


@pytest.mark.parametrize(("age_s", "comes"), [(1.0, False), (STARTUP_GRACE_S + 1, True)])
def test_a_worker_that_is_still_starting_up_keeps_its_position_for_a_while(waits, age_s, comes):
    waits(0.0, started=False)
    assert waits(0.5, clock_s=age_s)[1].try_acquire() is comes


def test_a_worker_that_started_and_is_gone_is_passed_at_once_and_its_entry_deleted(waits, runs_dir):
    gone, _ = waits(0.0, started=False)
    lease = Lease(gone.lease)
    assert lease.take()
    lease.release()
    assert waits(0.5)[1].try_acquire()
    assert not list(queue_path(runs_dir, "train").glob(f"*{gone.id}"))


def test_each_training_takes_a_slot_of_its_own_until_there_is_none(waits):
    queued = [waits(number, slots=2)[1] for number in range(3)]
    assert [slot.try_acquire() for slot in queued] == [True, True, False]
    queued[0].release()
    assert queued[2].try_acquire()


def test_lowering_the_number_of_slots_admits_no_run_until_enough_have_ended(waits):
    one, two = waits(0, slots=2)[1], waits(1, slots=2)[1]
    assert one.try_acquire()
    assert two.try_acquire()
    one.release()
    (last, slot), working = waits(2, slots=1), two
    assert not slot.try_acquire()
    working.release()
    assert slot.try_acquire()
    assert last.id


def test_trainings_and_sweeps_share_a_queue_and_everything_else_another(waits):
    assert waits(0, kind="train")[1].try_acquire()
    assert not waits(1, kind="sweep")[1].try_acquire()
    assert waits(2, kind="audit")[1].try_acquire()
    assert not waits(3, kind="open_dataset")[1].try_acquire()


@pytest.mark.parametrize(
    ("kind", "slots"), [("train", 3), ("sweep", 3), ("audit", 1), ("open_dataset", 1)]
)
def test_trainings_have_as_many_slots_as_are_set_and_everything_else_has_one(tmp_path, kind, slots):
    settings = Settings.from_environment({"MIEN_TRAININGS": "3"})
    assert queue_of(tmp_path, kind, settings).slots == slots


def test_a_second_entry_of_a_running_run_blocks_no_other(waits, runs_dir):
    folder, slot = waits(0, slots=2)
    assert slot.try_acquire()
    enqueue(folder, queue_path(runs_dir, "train"))  # two clicks on "Go on"
    assert waits(1, slots=2)[1].try_acquire()


def test_a_run_does_not_wait_for_an_earlier_entry_of_its_own(waits, runs_dir):
    folder, _ = waits(0)
    folder.mark_launched(int((LAUNCHED_AT.timestamp() + 5) * _NS))
    queue = JobQueue(queue_path(runs_dir, "train"), 1)
    slot = QueuedSlot(folder, queue, clock=lambda: LAUNCHED_AT)
    assert slot.try_acquire()
    slot.release()


def test_strange_files_in_the_queue_are_no_entries(waits, runs_dir):
    queue = queue_path(runs_dir, "train")
    queue.mkdir(parents=True)
    for name in ("notes.txt", "1.run", "slot-x", "²" * 20 + ".run", "0" * 20 + ".gone"):
        (queue / name).touch()
    assert waits(0)[1].try_acquire()
