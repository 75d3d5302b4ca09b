"""Who is let in, with leases held by this process and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.jobs.job_queue import WAKES_WITHIN_S, QueueTicket, enqueue, queue_of
from core.jobs.run_folder.lease import Lease

LAUNCHED_AT = datetime(2026, 1, 21, 12, 0, tzinfo=UTC)
_NS = 10**9


@pytest.fixture
def waits(make, runs_dir):
    """A run that was launched so many seconds after the first one, and its turn."""
    held = []

    def wait(launched_s=0.0, *, slots=1, awake=True, kind="train", clock_s=0.0):
        folder = make(kind)
        folder.mark_launched(int((LAUNCHED_AT.timestamp() + launched_s) * _NS))
        lane = queue_of(runs_dir, kind, training_slots=slots)
        enqueue(folder, lane)
        if awake:
            held.append(Lease(folder.lease))
            assert held[-1].take()
        turn = QueueTicket(folder, lane, clock=lambda: LAUNCHED_AT + timedelta(seconds=clock_s))
        turns.append(turn)
        return folder, turn

    turns = []
    yield wait
    for turn in turns:
        turn.leave()
    for lease in held:
        lease.release()


def test_the_first_to_be_launched_comes_first_whoever_asks_first(waits):
    (first, one), (_, other) = waits(0.0), waits(0.001)
    assert not other.has_come()
    assert other.behind == first.id
    assert one.has_come()
    assert one.has_come()
    one.leave()
    one.leave()
    assert other.has_come()


def test_runs_of_one_instant_have_an_order_all_the_same(waits):
    turns = [waits(0.0)[1] for _ in range(5)]
    came = [turn for turn in turns if turn.has_come()]
    assert len(came) == 1
    came[0].leave()
    assert sum(turn.has_come() for turn in turns if turn is not came[0]) == 1


@pytest.mark.parametrize(("age_s", "comes"), [(1.0, False), (WAKES_WITHIN_S + 1, True)])
def test_a_worker_that_is_still_waking_up_keeps_its_place_for_a_while(waits, age_s, comes):
    waits(0.0, awake=False)
    assert waits(0.5, clock_s=age_s)[1].has_come() is comes


def test_a_worker_that_woke_up_and_is_gone_is_passed_at_once_and_its_ticket_thrown_away(
    waits, runs_dir
):
    gone, _ = waits(0.0, awake=False)
    lease = Lease(gone.lease)
    assert lease.take()
    lease.release()
    assert waits(0.5)[1].has_come()
    assert not list(queue_of(runs_dir, "train").path.glob(f"*{gone.id}"))


def test_each_training_takes_a_slot_of_its_own_until_there_is_none(waits):
    turns = [waits(number, slots=2)[1] for number in range(3)]
    assert [turn.has_come() for turn in turns] == [True, True, False]
    turns[0].leave()
    assert turns[2].has_come()


def test_lowering_the_number_of_slots_lets_nobody_in_until_enough_have_ended(waits):
    one, two = waits(0, slots=2)[1], waits(1, slots=2)[1]
    assert one.has_come()
    assert two.has_come()
    one.leave()
    (last, turn), working = waits(2, slots=1), two
    assert not turn.has_come()
    working.leave()
    assert turn.has_come()
    assert last.id


def test_trainings_and_sweeps_share_a_lane_and_everything_else_another(waits):
    assert waits(0, kind="train")[1].has_come()
    assert not waits(1, kind="sweep")[1].has_come()
    assert waits(2, kind="audit")[1].has_come()
    assert not waits(3, kind="open_dataset")[1].has_come()


def test_a_second_ticket_of_a_run_at_work_holds_nobody_up(waits, runs_dir):
    folder, turn = waits(0, slots=2)
    assert turn.has_come()
    enqueue(folder, queue_of(runs_dir, "train"))  # two clicks on "Go on"
    assert waits(1, slots=2)[1].has_come()


def test_a_run_does_not_wait_for_an_earlier_ticket_of_its_own(waits, runs_dir):
    folder, _ = waits(0)
    folder.mark_launched(int((LAUNCHED_AT.timestamp() + 5) * _NS))
    turn = QueueTicket(folder, queue_of(runs_dir, "train"), clock=lambda: LAUNCHED_AT)
    assert turn.has_come()
    turn.leave()


def test_strange_files_in_the_lane_are_no_tickets(waits, runs_dir):
    lane = queue_of(runs_dir, "train")
    lane.path.mkdir(parents=True)
    for name in ("notes.txt", "1.run", "slot-x", "²" * 20 + ".run", "0" * 20 + ".gone"):
        (lane.path / name).touch()
    assert waits(0)[1].has_come()
